"""The card of a due break: what to do, and three ways to answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from posecheck.io.store.settings import ThemeChoice
from posecheck.ui.desk.nudge import Corner
from posecheck.ui.draw.icons import draw_figure
from posecheck.ui.widgets.controls import announce, button, column, label, row, short

LATER_MIN = (5, 10, 30)
CARD_STAY_S = 60.0
"""After this long without an answer the break counts as put off; the second reminder comes five
minutes after the first."""


class _Figure(QWidget):
    """A standing person in a soft circle."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(76, 76)

    def paintEvent(self, _event: QPaintEvent) -> None:
        role = QPalette.ColorRole
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().color(role.AlternateBase))
            painter.drawEllipse(QRectF(0, 0, 76, 76))
            accent = self.palette().color(role.Highlight)
            draw_figure(painter, "standing", QRectF(14, 12, 48, 52), accent)


class BreakCard(Corner):
    """A break is due. The card takes no focus and closes by itself after CARD_STAY_S.

    A walk is seen by the camera: the user is gone, and the monitor counts it. Without a camera the
    user's word counts.

    routine_chosen  the checked routine is to begin
    walk_chosen     the user walks
    stand_chosen    the user stands up at a raised desk
    snoozed         later, in these minutes; Escape is the shortest
    """

    routine_chosen = Signal()
    walk_chosen = Signal()
    stand_chosen = Signal()
    snoozed = Signal(int)

    def __init__(
        self, phrases: Mapping[str, str], theme: ThemeChoice = "system", scale: float = 1.0
    ) -> None:
        super().__init__(phrases["ui_desk_break_section"], theme, scale)
        self._phrases = phrases
        self.says = label("", "heading")
        self._sat = label("", "muted")
        self.routine = button(phrases["ui_desk_break_routine"], self._routine, "main")
        self.about = label("", "small")
        self.walk = button(phrases["ui_desk_break_walk"], self._walk)
        self.stand = button(phrases["ui_desk_break_up"], self._stand, "main")
        later = row(short(phrases["ui_desk_later"], "muted"), gap=8)
        self.later = {minutes: self._later(minutes) for minutes in LATER_MIN}
        for made in self.later.values():
            later.addWidget(made, 1)
        texts = column(self.says, self._sat, 0, gap=4)
        head = row(gap=16)
        head.addWidget(_Figure(), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(texts, 1)
        parts = (head, 2, self.stand, self.routine, self.about, self.walk, 2, later)
        self.setLayout(column(*parts, gap=10, margin=20))

    def offer(
        self,
        what: Literal["move", "stand"] = "move",
        sitting_s: float = 0.0,
        routine: str = "",
        minutes: int = 2,
        again: bool = False,
    ) -> None:
        """Show it.

        what       how the break begins: moving, or standing at a desk that can be raised
        sitting_s  how long the user has sat, 0 when unknown
        routine    the name of the routine that was chosen for today, "" for none
        minutes    of movement
        again      the second and last time
        """
        words = self._phrases
        key = "ui_desk_break_stand" if what == "stand" else "ui_desk_break_move"
        self.says.setText(words[key].format(count=minutes) if what == "move" else words[key])
        sat = round(sitting_s / 60)
        text = words["ui_desk_sat"].format(count=sat) if sat >= 1 else ""
        self._sat.setText(words["ui_desk_break_again"] if again and not text else text)
        self._sat.setVisible(bool(self._sat.text()))
        self.about.setText(routine)
        stand = what == "stand"
        self.stand.setVisible(stand)
        self.routine.setVisible(not stand)
        self.about.setVisible(bool(routine) and not stand)
        self.first = self.stand if stand else self.routine
        self.first.setFocus(Qt.FocusReason.TabFocusReason)
        self.routine.setAccessibleDescription(routine)
        self.appear(CARD_STAY_S)
        announce(self, self.says.text())

    def dismiss(self) -> None:
        self._put_off(LATER_MIN[0])

    def _later(self, minutes: int) -> QWidget:
        text = self._phrases["ui_desk_minutes"].format(count=minutes)
        made = button(text, lambda: self._put_off(minutes))
        made.setAccessibleName(f"{self._phrases['ui_desk_later']}: {text}")
        return made

    def _put_off(self, minutes: int) -> None:
        self.hide()
        self.snoozed.emit(minutes)

    def _routine(self) -> None:
        self.hide()
        self.routine_chosen.emit()

    def _walk(self) -> None:
        self.hide()
        self.walk_chosen.emit()

    def _stand(self) -> None:
        self.hide()
        self.stand_chosen.emit()
