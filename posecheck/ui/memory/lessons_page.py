"""The lessons: a list, and a page for each to read or hear."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QPushButton, QWidget

from posecheck.exercise import Lesson
from posecheck.io.audio.voice import NO_VOICE
from posecheck.io.store.settings import Settings
from posecheck.ui.widgets.choices import CheckRow
from posecheck.ui.widgets.controls import Page, announce, button, card, column, label, row


class LessonsPage(Page):
    """All lessons in their order. `chosen` gives the id of one; `help_wanted`: the user wants to
    read when to get medical help.

    buttons  id -> the button that opens it
    """

    chosen = Signal(str)
    help_wanted = Signal()

    def __init__(self, phrases: Mapping[str, str], lessons: Iterable[Lesson]) -> None:
        super().__init__(phrases["ui_lessons_title"])
        self.buttons: dict[str, QPushButton] = {}
        cards: list[QWidget] = []
        for lesson in lessons:
            read = button(phrases["ui_lesson_read"], self._opening(lesson.id), about=lesson.name)
            self.buttons[lesson.id] = read
            line = row(label(lesson.name, "heading"), read)
            line.setStretch(0, 1)
            cards.append(card(line))
        title = label(phrases["ui_lessons_title"], "title")
        lead = label(phrases["ui_lessons_lead"], "lead")
        self.put(column(title, lead, 4, *cards, 0))
        self.first = next(iter(self.buttons.values()), None)
        get_help = button(phrases["ui_help_title"], self.help_wanted.emit, "quiet")
        self.foot(button(phrases["ui_back"], self.left.emit), 0, get_help)

    def _opening(self, name: str) -> Callable[[], None]:
        return lambda: self.chosen.emit(name)


class LessonPage(Page):
    """One lesson. Its checklist can be ticked; the ticks are not kept.

    speak, hush  begin and end to speak; `speak` returns whether there is a voice
    """

    def __init__(
        self,
        phrases: Mapping[str, str],
        lesson: Lesson,
        settings: Settings,
        speak: Callable[[str], bool],
        hush: Callable[[], None],
    ) -> None:
        super().__init__(lesson.name)
        self._phrases, self._lesson, self._settings = phrases, lesson, settings
        self._speak, self._hush = speak, hush
        self.says = label("", "care")
        self.says.hide()
        self.points = {point.id: CheckRow(point.text) for point in lesson.checklist}
        texts = [label(text) for text in lesson.text]
        self.put(column(label(lesson.name, "title"), *texts, *self._checklist(), self._origin(), 0))
        self.hear = button(phrases["ui_lesson_hear"], self._read_aloud)
        self.hush = button(phrases["ui_lesson_hush"], hush, "quiet")
        self.foot(button(phrases["ui_back"], self.left.emit), self.says, 0, self.hush, self.hear)
        self.first = self.hear

    @property
    def spoken(self) -> str:
        """What is read aloud: all of it but the sources."""
        points = [point.text for point in self._lesson.checklist]
        return " ".join((f"{self._lesson.name}.", *self._lesson.text, *points))

    def _checklist(self) -> list[QWidget]:
        parts: list[QWidget] = []
        for point in self._lesson.checklist:
            parts.append(self.points[point.id])
            if point.camera:
                parts.append(label(self._phrases["ui_lesson_camera"], "muted"))
        return parts

    def _origin(self) -> QWidget:
        """The sources, and who has reviewed the lesson."""
        words, lesson = self._phrases, self._lesson
        review = words["ui_lesson_unreviewed"]
        if lesson.reviewed_by:
            review = words["ui_lesson_reviewed"].format(
                who=lesson.reviewed_by, day=lesson.reviewed_on
            )
        sources = [label(source, "muted") for source in lesson.sources]
        heading = label(words["ui_lesson_sources"], "heading")
        return card(column(heading, *sources, label(review, "muted"), gap=6))

    def _read_aloud(self) -> None:
        problem = ""
        if self._settings.talk == "off":
            problem = self._phrases["ui_lesson_silent"]
        elif not self._speak(self.spoken):
            advice = NO_VOICE.get(sys.platform, "")
            problem = f"{self._phrases['ui_voice_missing']} {advice}".strip()
        self.says.setText(problem)
        self.says.setVisible(bool(problem))
        if problem:
            announce(self, problem)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop speaking when the user moves on to another page."""
        if not event.spontaneous():  # the window was minimised
            self._hush()
        super().hideEvent(event)
