"""The pages of the first start. `FirstStart` puts them in order and saves the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from posecheck.io.routines.load import Library
from posecheck.io.store.settings import TEXT_SCALES, Settings
from posecheck.session.safety import DISCLAIMER
from posecheck.ui.settings.camera_choice import CameraChoice
from posecheck.ui.settings.doctor_choice import DoctorChoice, Told
from posecheck.ui.settings.level_choice import LevelChoice
from posecheck.ui.settings.safety_questions import BodyQuestions, ScreeningQuestions, emergency
from posecheck.ui.settings.services import Services
from posecheck.ui.settings.voice_choice import VoiceChoice
from posecheck.ui.widgets.choices import CheckRow, Choice
from posecheck.ui.widgets.controls import Page, announce, card, column, label, row
from posecheck.ui.widgets.flow import Columns
from posecheck.ui.widgets.pictures import CoverPicture, picture_of


class StartPage(Page):
    """A page with a title, an introduction and its content. The footer is added later.

    name  the part of its phrase keys that differs, such as "body" in "ui_body_title"
    """

    def __init__(
        self, phrases: Mapping[str, str], name: str, *parts: QWidget | QLayout | int
    ) -> None:
        super().__init__(phrases[f"ui_{name}_title"])
        self.name = name
        title = label(self.accessibleName(), "title")
        lead = label(phrases[f"ui_{name}_lead"], "lead")
        self.put(column(title, lead, 8, *parts, 0, gap=14))


class WelcomePage(StartPage):
    """What posecheck does with the camera, its limits, and the size of the texts."""

    def __init__(self, phrases: Mapping[str, str], text_scale: float) -> None:
        self.scale = Choice(
            {scale: phrases[f"ui_scale_{round(100 * scale)}"] for scale in TEXT_SCALES},
            phrases["ui_scale"],
            text_scale,
        )
        facts = [
            label(phrases[f"ui_welcome_{each}"], "large") for each in ("camera", "private", "stop")
        ]
        size = column(label(phrases["ui_scale"]), row(self.scale, 0), gap=6)
        picture = column(CoverPicture(picture_of("chest_opener"), ratio=4 / 3), 0)
        sides = Columns((column(*facts, 8, size, 0, gap=16), picture), (3, 2), gap=36)
        heading = label(phrases["ui_disclaimer_title"], "heading")
        disclaimer = card(column(heading, label(phrases[DISCLAIMER])))
        # The disclaimer comes first: with large texts the end of the page is out of sight, and
        # the user could press Next without having seen it.
        super().__init__(phrases, "welcome", disclaimer, sides)


class ScreeningPage(StartPage):
    """The signs of an emergency, then the safety questions that lock the exercises."""

    def __init__(self, phrases: Mapping[str, str], known: Mapping[str, bool] | None) -> None:
        self.questions = ScreeningQuestions(phrases, known)
        super().__init__(phrases, "screening", emergency(phrases), self.questions)
        # The focus starts on the question, not on an answer, which a stray Space would give.
        self.first = self.questions.rows[0]


class AdvicePage(StartPage):
    """After a yes to a safety question: the user takes a page to their doctor, and confirms that
    they have had medical advice."""

    def __init__(
        self, phrases: Mapping[str, str], confirmed: bool, library: Library, told: Told
    ) -> None:
        self.doctor = DoctorChoice(phrases, library, told)
        self.confirmed = CheckRow(phrases["ask_confirm"], confirmed)
        self.locked_says = label(phrases["ui_advice_locked"], "care")
        self._locked = card(column(self.locked_says), "notice")
        self._locked.hide()
        advice = card(column(label(phrases["ask_advice"], "care")), "notice")
        take = card(
            column(
                label(phrases["ui_doctor_title"], "heading"),
                label(phrases["ui_doctor_about"]),
                self.doctor,
            )
        )
        meanwhile = label(phrases["ui_open_while"], "large")
        # The box stands above the page for the doctor, so that it is seen without scrolling.
        super().__init__(
            phrases, "advice", advice, self.confirmed, self._locked, take, meanwhile,
            emergency(phrases),
        )  # fmt: skip
        self.confirmed.toggled.connect(self.hide_warning)
        self.first = self.confirmed

    def warn_once(self) -> bool:
        """Warn that the exercises stay locked without advice. False when that is not so, or when
        the warning is shown already."""
        if self.confirmed.isChecked() or self._locked.isVisibleTo(self):
            return False
        self._locked.show()
        announce(self, self.locked_says.text())
        return True

    def hide_warning(self) -> None:
        """Hide the warning; the next `warn_once` shows it again."""
        self._locked.hide()


class BodyPage(StartPage):
    """The conditions that exclude single exercises."""

    def __init__(self, phrases: Mapping[str, str], tags: Iterable[str]) -> None:
        self.questions = BodyQuestions(phrases, tags)
        super().__init__(phrases, "body", self.questions)
        self.first = next(iter(self.questions.rows.values()))


class PreferencePages:
    """The pages that are left out when only the safety questions are asked."""

    def __init__(self, phrases: Mapping[str, str], settings: Settings, services: Services) -> None:
        self.welcome = WelcomePage(phrases, settings.text_scale)
        self._camera = CameraChoice(phrases, services.cameras, services.preview, settings.camera)
        self.camera = StartPage(phrases, "camera", self._camera)
        self.camera.first = self._camera.names
        self._voice = VoiceChoice(phrases, services.speak, settings.talk)
        self.voice = StartPage(phrases, "voice", card(column(self._voice)))
        self.voice.first = self._voice.talk.current
        self._level = LevelChoice(phrases, settings.level)
        self.level = StartPage(phrases, "level", self._level)
        self.level.first = self._level.current

    @property
    def chosen(self) -> dict[str, Any]:
        """The fields of `Settings` that were chosen on these pages."""
        return {
            "camera": self._camera.spec,
            "talk": self._voice.talk.chosen,
            "level": self._level.chosen,
        }

    def begin_preview(self) -> None:
        """Show the picture of the camera."""
        self._camera.begin()

    def release_camera(self) -> None:
        """Stop the preview and close the camera."""
        self._camera.preview.release()
