"""The first start: what this is, the safety questions, the camera, the voice, the level.

Nothing here can be passed by pressing Next blindly: the safety questions have no answer of their
own, and a yes leads to a page that asks for advice first. Whoever has none yet is told that the
exercises stay locked (`Settings.screened` is ""), and may look round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from posecheck.coach.speech_queue import Talk
from posecheck.io.store.settings import TEXT_SCALES, Screened, Settings
from posecheck.session.safety import DISCLAIMER
from posecheck.ui.settings.camera_choice import CameraChoice, Cameras
from posecheck.ui.settings.level_choice import LevelChoice
from posecheck.ui.settings.safety_questions import BodyQuestions, ScreeningQuestions, emergency
from posecheck.ui.settings.voice_choice import Speak, VoiceChoice
from posecheck.ui.widgets.choices import CheckRow, Choice
from posecheck.ui.widgets.controls import Page, announce, button, card, column, label, row, short
from posecheck.ui.widgets.pictures import Picture, picture_of
from posecheck.ui.widgets.preview import Preview


@dataclass(frozen=True, slots=True)
class Services:
    """What the pages need of the world outside: the cameras, their pictures, a voice."""

    cameras: Cameras
    preview: Preview
    speak: Speak


class FirstStart(QWidget):
    """All pages in order. `finished` gives the settings with every answer in them.

    settings     where the pages begin; all else in it stays as it is
    only_safety  only the safety questions, to answer them again
    answers      those to the safety questions that were given since the program was started, kept
                 up to date; while they lock the exercises only the advice is still asked about
    left         the person went back from the first page; never on the very first start
    looks        settings whose text size has changed, to be shown at once
    """

    finished = Signal(object)
    left = Signal()
    looks = Signal(object)

    def __init__(
        self,
        phrases: Mapping[str, str],
        settings: Settings,
        world: Services,
        only_safety: bool = False,
        answers: MutableMapping[str, bool] | None = None,
    ) -> None:
        super().__init__()
        self.settings = settings
        self._phrases, self._only_safety = phrases, only_safety
        self._answers: MutableMapping[str, bool] = {} if answers is None else answers
        self.screening = ScreeningQuestions(phrases, None if settings.screened else self._answers)
        self.confirmed = CheckRow(phrases["ask_confirm"], settings.screened == "advice")
        self.locked_says = label(phrases["ui_advice_locked"], "care")
        self._locked = card(column(self.locked_says), "notice")
        self._locked.hide()
        self.confirmed.toggled.connect(self._locked.hide)
        self.body = BodyQuestions(phrases, settings.tags)
        self.screening.answered.connect(self.body.follow)
        self.camera = CameraChoice(phrases, world.cameras, world.preview, settings.camera)
        self.voice = VoiceChoice(phrases, world.speak, settings.talk)
        self.level = LevelChoice(phrases, settings.level)
        self.scale = Choice(
            {scale: phrases[f"ui_scale_{round(100 * scale)}"] for scale in TEXT_SCALES},
            phrases["ui_scale"],
            settings.text_scale,
        )
        self.scale.changed.connect(self._scaled)
        self._stack = QStackedWidget()
        self.setLayout(column(self._stack, gap=0))
        makers: dict[str, Callable[[], Page]] = {
            "welcome": self._welcome,
            "screening": self._screening,
            "advice": self._advice,
            "body": self._body,
            "camera": self._camera,
            "voice": self._voice,
            "level": self._level,
        }
        chosen = ("screening", "advice", "body") if only_safety else tuple(makers)
        self.pages = {name: makers[name]() for name in chosen}
        for page in self.pages.values():
            self._stack.addWidget(page)
            page.left.connect(self.back)
        self._finish_pages()
        if only_safety and self.screening.open is None and self.screening.any_yes:
            self._stack.setCurrentWidget(self.pages["advice"])

    @property
    def shown(self) -> str:
        """The name of the page that is shown."""
        return list(self.pages)[self._stack.currentIndex()]

    def enter(self) -> None:
        """Give the keyboard to the page."""
        self.pages[self.shown].enter()

    def next(self) -> None:
        """The following page, or the end; what is open on this page comes first."""
        if self.shown == "screening" and self.screening.open is not None:
            self.screening.point_at_open()
            return
        if self.shown == "advice" and self._tell_locked():
            return
        names = self._way()
        place = names.index(self.shown)
        if place + 1 < len(names):
            self._show(names[place + 1])
        else:
            self._end()

    def _tell_locked(self) -> bool:
        """Say once that nothing opens without advice; whether it was said now."""
        if self.confirmed.isChecked() or self._locked.isVisibleTo(self):
            return False
        self._locked.show()
        announce(self, self.locked_says.text())
        return True

    def back(self) -> None:
        """The page before; from the first one `left`."""
        names = self._way()
        place = names.index(self.shown)
        if place:
            self._show(names[place - 1])
        else:
            self.left.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The camera is free when this is over."""
        self.camera.preview.release()
        super().closeEvent(event)

    def _way(self) -> list[str]:
        """The pages that are gone through with the answers so far."""
        asks = self.screening.any_yes
        return [name for name in self.pages if name != "advice" or asks]

    def _show(self, name: str) -> None:
        self._stack.setCurrentWidget(self.pages[name])
        self._locked.hide()
        if name == "camera":
            self.camera.begin()
        self.enter()

    def _end(self) -> None:
        asks = self.screening.any_yes
        screened: Screened = ("advice" if self.confirmed.isChecked() else "") if asks else "clear"
        settings = replace(self.settings, screened=screened, tags=self.body.tags)
        if not self._only_safety:
            talk = cast(Talk, self.voice.talk.chosen)
            settings = replace(
                settings, camera=self.camera.spec, talk=talk, level=self.level.chosen
            )
        self.camera.preview.release()
        self._answers.update(self.screening.answers)
        self.settings = settings
        self.finished.emit(settings)

    def _scaled(self, scale: object) -> None:
        self.settings = replace(self.settings, text_scale=cast(float, scale))
        self.looks.emit(self.settings)

    # --- the pages --------------------------------------------------------------------------------

    def _page(self, name: str, *parts: QWidget | QLayout) -> Page:
        words = self._phrases
        page = Page(words[f"ui_{name}_title"])
        title, lead = label(page.accessibleName(), "title"), label(words[f"ui_{name}_lead"], "lead")
        page.put(column(title, lead, 8, *parts, 0, gap=14))
        return page

    def _finish_pages(self) -> None:
        """The footers: made last, so that Tab comes to them after what is on the page."""
        words = self._phrases
        counted = [name for name in self.pages if name != "advice"]
        for name, page in self.pages.items():
            first, last = name == counted[0], name == counted[-1]
            back = button(words["ui_back"], self.back)
            back.setVisible(not first or self._only_safety)
            where = short("", "muted")
            if name in counted:
                step = {"number": counted.index(name) + 1, "count": len(counted)}
                where.setText(words["ui_step"].format(**step))
            done = words["ui_finish"] if last else words["ui_next"]
            on = button(done, self.next, "main")
            page.foot(back, where, 0, on)
            page.first = page.first or on

    def _welcome(self) -> Page:
        words = self._phrases
        facts = [
            label(words[f"ui_welcome_{each}"], "large") for each in ("camera", "private", "stop")
        ]
        size = column(label(words["ui_scale"]), row(self.scale, 0), gap=6)
        left = column(*facts, 8, size, 0, gap=16)
        picture = Picture(picture_of("chest_opener"), ratio=4 / 3)
        sides = row(gap=36)
        sides.addLayout(left, 3)
        sides.addLayout(column(picture, 0), 2)
        note = card(
            column(label(words["ui_disclaimer_title"], "heading"), label(words[DISCLAIMER]))
        )
        # First: with large texts the end of the page is out of sight, and Next would pass it.
        return self._page("welcome", note, sides)

    def _screening(self) -> Page:
        page = self._page("screening", self.screening, emergency(self._phrases))
        page.first = self.screening.rows[0]  # no answer: a Space too many would give it
        return page

    def _advice(self) -> Page:
        words = self._phrases
        notice = card(column(label(words["ask_advice"], "care")), "notice")
        page = self._page("advice", notice, self.confirmed, self._locked, emergency(words))
        page.first = self.confirmed
        return page

    def _body(self) -> Page:
        page = self._page("body", self.body)
        page.first = next(iter(self.body.rows.values()))
        return page

    def _camera(self) -> Page:
        page = self._page("camera", self.camera)
        page.first = self.camera.names
        return page

    def _voice(self) -> Page:
        page = self._page("voice", card(column(self.voice)))
        page.first = self.voice.talk.current
        return page

    def _level(self) -> Page:
        page = self._page("level", self.level)
        page.first = self.level.current
        return page
