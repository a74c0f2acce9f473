"""All settings on one page. Each change applies at once; there is nothing to confirm."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLayout, QWidget

from posecheck.coach.error_phrases import told
from posecheck.io.routines.language import languages
from posecheck.io.store.settings import TEXT_SCALES, THEMES, Settings
from posecheck.ui.settings.camera_choice import CameraChoice
from posecheck.ui.settings.desk_choice import AtLogin, DeskChoice
from posecheck.ui.settings.kept_choice import KeptChoice
from posecheck.ui.settings.level_choice import LevelChoice
from posecheck.ui.settings.model import SettingsModel
from posecheck.ui.settings.plan_choice import PlanChoice
from posecheck.ui.settings.services import Services
from posecheck.ui.settings.sound_choice import SoundChoice
from posecheck.ui.settings.voice_choice import VoiceChoice
from posecheck.ui.settings.voice_name import VoiceName
from posecheck.ui.widgets.choices import CheckRow, Choice
from posecheck.ui.widgets.controls import (
    Page,
    announce,
    button,
    card,
    column,
    label,
    row,
    sentence,
    short,
)
from posecheck.ui.widgets.flow import Flow


class SettingsPage(Page):
    """Changes `settings`, one field at a time. The camera picture is shown only on request.

    desk  the section of the desk; `desk.offer_actions` adds the buttons for a desk that runs

    safety_wanted  the user wants to answer the safety questions again
    doctor_wanted  the user wants the page for a doctor; `offer_doctor` shows its button
    emptied        the user has deleted everything; the sentence that says so
    """

    safety_wanted = Signal()
    doctor_wanted = Signal()
    emptied = Signal(str)

    def __init__(
        self,
        phrases: Mapping[str, str],
        settings: SettingsModel,
        services: Services,
        at_login: AtLogin | None = None,
    ) -> None:
        super().__init__(phrases["ui_settings_title"])
        self._settings, self._phrases = settings, phrases
        now = settings.value
        self.camera = CameraChoice(phrases, services.cameras, services.preview, now.camera)
        self.camera.offer_look()
        self.mirror = CheckRow(phrases["ui_mirror_view"], now.mirror_view)
        self.camera.preview.mirrored = now.mirror_view
        self.voice = VoiceChoice(phrases, services.speak, now.talk)
        self.voice_name = VoiceName(phrases, services.voices, now.voice_name)
        self.captions = CheckRow(phrases["ui_captions"], now.captions)
        self.sound = SoundChoice(phrases, now)
        self.level = LevelChoice(phrases, now.level)
        self.scale = Choice(
            {scale: phrases[f"ui_scale_{round(100 * scale)}"] for scale in TEXT_SCALES},
            phrases["ui_scale"],
            now.text_scale,
        )
        self.theme = Choice(
            {each: phrases[f"ui_theme_{each}"] for each in THEMES},
            phrases["ui_theme"],
            now.theme,
        )
        names = {each.code: each.name for each in languages()}
        self.language = Choice(
            {"": phrases["ui_language_system"], **names}, phrases["ui_language"], now.language
        )
        self.calm = CheckRow(phrases["ui_calm"], now.reduced_motion)
        self.side = Choice(
            {each: sentence(phrases[f"side_{each}"]) for each in ("left", "right")},
            phrases["ui_side"],
            now.start_side,
        )
        self.desk = DeskChoice(phrases, now, services.cameras, at_login)
        self.again = button(phrases["ui_safety_again"], self.safety_wanted.emit)
        self.doctor = button(phrases["ui_doctor_title"], self.doctor_wanted.emit)
        self.doctor.hide()
        self.forget = button(phrases["ui_comfort_forget"], self._forget)
        self.plan = PlanChoice(phrases, now)
        self.kept = KeptChoice(phrases, self._reset)
        self.kept.emptied.connect(self.emptied)
        self._pain_days = label("", "muted")
        self._tags = label("", "muted")
        self._unsaved = label("", "care")
        self._unsaved_card = card(column(self._unsaved), "notice")
        self._unsaved_card.hide()
        self._lay_out()
        self._listen()
        self._show_answers()
        self.first = self.camera.names

    def _lay_out(self) -> None:
        words = self._phrases
        ways = Flow(12)
        ways.put(self.again)
        ways.put(self.doctor)
        scale = column(label(words["ui_scale"]), row(self.scale, 0), gap=6)
        theme = column(label(words["ui_theme"]), row(self.theme, 0), gap=6)
        language = column(
            label(words["ui_language"]),
            row(self.language, 0),
            label(words["ui_language_next"], "muted"),
            gap=6,
        )
        side = column(label(words["ui_side"]), row(self.side, 0), gap=6)
        self.put(
            column(
                label(words["ui_settings_title"], "title"),
                self._unsaved_card,
                _section(words["ui_camera_section"], self.camera, self.mirror),
                _section(
                    words["ui_voice_section"],
                    self.voice,
                    self.voice_name,
                    self.sound,
                    self.captions,
                ),
                _section(words["ui_level_section"], self.level, side),
                _section(words["ui_plan_section"], self.plan),
                _section(words["ui_desk_section"], self.desk),
                _section(words["ui_looks_section"], language, scale, theme, self.calm),
                _section(words["ui_safety_section"], self._tags, ways),
                _section(words["ui_comfort_section"], self._pain_days, row(self.forget, 0)),
                _section(words["ui_kept_section"], self.kept),
                gap=20,
            )
        )
        self._saved = short(words["ui_saved"], "muted")
        self.foot(button(words["ui_back"], self.left.emit), 0, self._saved)

    def offer_doctor(self) -> None:
        """Show the button of the page for a doctor."""
        self.doctor.show()

    def _listen(self) -> None:
        change = self._settings.change
        self.camera.changed.connect(lambda spec: change(camera=spec))
        self.mirror.toggled.connect(self._set_mirror)
        self.voice.changed.connect(lambda talk: change(talk=talk))
        self.voice_name.changed.connect(lambda name: change(voice_name=name))
        self.captions.toggled.connect(lambda on: change(captions=on))
        self.sound.changed.connect(lambda values: change(**values))
        self.plan.changed.connect(lambda field, value: change(**{field: value}))
        self.level.changed.connect(lambda level: change(level=level))
        self.scale.changed.connect(lambda scale: change(text_scale=scale))
        self.theme.changed.connect(lambda theme: change(theme=theme))
        self.language.changed.connect(lambda code: change(language=code))
        self.calm.toggled.connect(lambda calm: change(reduced_motion=calm))
        self.desk.changed.connect(lambda values: change(**values))
        self.side.changed.connect(lambda side: change(start_side=side))
        self._settings.unsaved.connect(self._show_unsaved)
        self._settings.changed.connect(self._show_answers)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the camera as well."""
        self.camera.preview.release()
        super().closeEvent(event)

    def _show_unsaved(self, why: str) -> None:
        self._unsaved.setText(told(self._phrases, why))
        self._unsaved_card.show()
        self._saved.hide()
        announce(self, self._unsaved.text())

    def _set_mirror(self, mirrored: bool) -> None:
        self.camera.preview.mirrored = mirrored
        self._settings.change(mirror_view=mirrored)

    def _reset(self) -> None:
        """As before the first start; the system's scheduler no longer reminds either."""
        self.plan.remind.choose("")
        self._settings.set(Settings())

    def _forget(self) -> None:
        self._settings.change(comfort=())
        self.again.setFocus()

    def _show_answers(self) -> None:
        """Show what is stored about the user: the safety answers and the days of pain answers."""
        words, now = self._phrases, self._settings.value
        questions = [words[f"tag_{tag}"] for tag in now.tags]
        listed = "\n".join(f"• {question}" for question in questions)
        answers = words["ui_safety_yes"] + "\n" + listed if questions else words["ui_safety_none"]
        self._tags.setText(answers if now.screened else words["ui_locked_text"])
        self._pain_days.setText(words["ui_comfort_kept"].format(count=len(now.comfort)))
        self.forget.setEnabled(bool(now.comfort))


def _section(title: str, *parts: QWidget | QLayout | int) -> QWidget:
    return card(column(label(title, "heading"), *parts, gap=16))
