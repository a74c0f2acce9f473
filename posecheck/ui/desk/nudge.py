"""Small windows in the corner of the screen: a sentence with a choice, and the desk's state where
there is no tray.

They do not take the keyboard focus when they appear, and a nudge closes by itself. After a click
the user can continue with the keyboard. (Under Wayland the desktop chooses the position of a
window.)
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from itertools import pairwise

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from posecheck.desk.colour import DeskColour
from posecheck.desk.observation import DeskNoPoseReason
from posecheck.desk.states import DeskState
from posecheck.io.store.settings import ThemeChoice
from posecheck.ui.desk.looks import draw_desk_icon, state_words
from posecheck.ui.desk.tray import DeskMenu
from posecheck.ui.widgets.controls import announce, button, column, label, row, sentence
from posecheck.ui.widgets.style import dress

EDGE_PX = 20
"""Distance from the edges of the screen's free area."""
CORNER_WIDTH = 420
"""Width of a corner window in pixels at a text scale of 1."""
NUDGE_STAY_S = 12.0
"""A nudge closes after this: long enough to read it twice, short enough to be no obstacle."""
CORNER_TICK_MS = 500


class Corner(QWidget):
    """A frameless window at the bottom right of the screen that takes no focus when it appears.

    expired  it closed by itself after its time
    """

    expired = Signal()

    def __init__(self, title: str, theme: ThemeChoice, scale: float) -> None:
        flags = Qt.WindowType
        super().__init__(
            None,
            flags.Tool
            | flags.FramelessWindowHint
            | flags.WindowStaysOnTopHint
            | flags.WindowDoesNotAcceptFocus,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._scale = scale
        self.first: QAbstractButton | None = None
        self._stay_s, self._left_s, self._before_s = math.inf, math.inf, math.nan
        self._timer = QTimer(self)
        self._timer.setInterval(CORNER_TICK_MS)
        self._timer.timeout.connect(lambda: self.pass_time(time.monotonic()))
        dress(self, theme, scale)

    def dress(self, theme: ThemeChoice, scale: float) -> None:
        """Apply these looks."""
        self._scale = scale
        dress(self, theme, scale)
        if self.isVisible():
            self._place()

    def appear(self, stay_s: float = math.inf) -> None:
        """Appear in the corner, for these seconds or until it is answered."""
        self._stay_s = self._left_s = stay_s
        self._before_s = math.nan
        self._place()
        self.show()
        self.raise_()
        if stay_s < math.inf:
            self._timer.start()
        else:
            self._timer.stop()

    def pass_time(self, now_s: float) -> None:
        """Advance the time to `now_s` (monotonic seconds). The time left does not run while the
        mouse is over the window or the keyboard in it: the user is reading or answering."""
        step = 0.0 if math.isnan(self._before_s) else now_s - self._before_s
        self._before_s = now_s
        if self.underMouse() or self.isActiveWindow():
            self._left_s = self._stay_s
        else:
            self._left_s -= max(0.0, step)
        if self._left_s <= 0 and self.isVisible():
            self.hide()
            self.expired.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        handle = self.windowHandle()
        if handle is not None:  # the next time it appears, it takes no focus again
            handle.setFlag(Qt.WindowType.WindowDoesNotAcceptFocus, True)
        super().hideEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A user who clicks may want to continue with the keyboard."""
        self.take_keyboard()
        super().mousePressEvent(event)

    def take_keyboard(self) -> None:
        """Take the keyboard focus, at the first button: the user asked for it."""
        handle = self.windowHandle()
        if handle is not None:
            handle.setFlag(Qt.WindowType.WindowDoesNotAcceptFocus, False)
        self.activateWindow()
        if self.first is not None:
            self.first.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            focus, QAbstractButton
        ):
            focus.click()
        else:
            super().keyPressEvent(event)

    def dismiss(self) -> None:
        """The action of Escape."""
        self.hide()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closed by the desktop: only hide, for another nudge will need the window."""
        event.ignore()
        self.dismiss()

    def paintEvent(self, _event: QPaintEvent) -> None:
        role = QPalette.ColorRole
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self.palette().color(role.Base))
            painter.setPen(QPen(self.palette().color(role.Mid), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _place(self) -> None:
        screen = QGuiApplication.screenAt(self.pos()) if self.isVisible() else None
        free = (screen or QGuiApplication.primaryScreen()).availableGeometry()
        layout = self.layout()
        assert layout is not None
        layout.activate()
        width = min(round(CORNER_WIDTH * self._scale), free.width() - 2 * EDGE_PX)
        self.setFixedWidth(width)
        height = layout.totalHeightForWidth(width)
        self.resize(QSize(width, height))
        self.move(free.bottomRight() - QPoint(width + EDGE_PX, height + EDGE_PX))


class DeskSign(QWidget):
    """The icon of a colour, at least as large as a line of text."""

    def __init__(self, colour: DeskColour, side: int = 34) -> None:
        super().__init__()
        self._colour = colour
        self.setFixedSize(side, side)

    def show_colour(self, colour: DeskColour) -> None:
        self._colour = colour
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            draw_desk_icon(painter, self._colour, QRectF(self.rect()))


class NudgeWindow(Corner):
    """A sentence and a choice. Any answer is right, and none is required.

    chosen   "tall", "recline" or "stand" after `nudge`; "done" after `hint`; "break" after
             `offer_break`; "recalibrate" or "keep" after `ask_recalibrate`
    snoozed  "later" or Escape
    """

    chosen = Signal(str)
    snoozed = Signal()

    def __init__(
        self, phrases: Mapping[str, str], theme: ThemeChoice = "system", scale: float = 1.0
    ) -> None:
        super().__init__(phrases["ui_desk_title"], theme, scale)
        self._phrases = phrases
        self._sign = DeskSign("amber")
        self.says = label("", "heading")
        self._below = label("", "muted")
        self.buttons: dict[str, QPushButton] = {}
        self._choices = row(gap=8)
        self.later = button(phrases["ui_desk_later"], self.dismiss, "quiet")
        head = row(gap=14)
        head.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(column(self.says, self._below, gap=4), 1)
        self.setLayout(column(head, self._choices, row(0, self.later), gap=12, margin=20))

    def nudge(self, text: str, below: str = "") -> None:
        """Time for another position: the user chooses which."""
        choices = {each: f"ui_desk_{each}" for each in ("tall", "recline", "stand")}
        self.ask(text, choices, "amber", below or self._phrases["desk_choice"])

    def hint(self, text: str) -> None:
        """One thing to change, without a choice: "Level your shoulders"."""
        self.ask(text, {"done": "ui_desk_done"}, "amber")

    def offer_break(self, text: str) -> None:
        """A break instead of another nudge."""
        self.ask(text, {"break": "ui_desk_break_yes"}, "resting")

    def ask_recalibrate(self, text: str) -> None:
        """Ask whether the camera or the chair has moved. The question stays until it is answered:
        nothing is confirmed before."""
        choices = {"recalibrate": "ui_desk_recalibrate", "keep": "ui_desk_keep"}
        self.ask(text, choices, "unsure", stay_s=math.inf)

    def ask(
        self,
        text: str,
        choices: Mapping[str, str],
        colour: DeskColour,
        below: str = "",
        stay_s: float = NUDGE_STAY_S,
    ) -> None:
        """Show a sentence with choices: what `chosen` will emit -> the key of its words."""
        self.says.setText(text)
        self._below.setText(below)
        self._below.setVisible(bool(below))
        self._sign.show_colour(colour)
        for old in self.buttons.values():
            self._choices.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = {}
        for name, key in choices.items():
            made = button(self._phrases[key], self._answer(name), about=text)
            self.buttons[name] = made
            self._choices.addWidget(made, 1)
            made.show()
        order: list[QPushButton] = [*self.buttons.values(), self.later]
        for one, other in pairwise(order):
            QWidget.setTabOrder(one, other)
        self.first = order[0]
        self.first.setFocus(Qt.FocusReason.TabFocusReason)
        self.appear(stay_s)
        announce(self, text)

    def dismiss(self) -> None:
        self.hide()
        self.snoozed.emit()

    def _answer(self, name: str) -> Callable[[], None]:
        def answer() -> None:
            self.hide()
            self.chosen.emit(name)

        return answer


class StatusWindow(Corner):
    """The desk's state where there is no tray: always visible, small, movable with the mouse.

    The user's commands are signals of `menu`, as in the tray.

    opened  the user wants the main window
    """

    opened = Signal()

    def __init__(
        self, phrases: Mapping[str, str], theme: ThemeChoice = "system", scale: float = 1.0
    ) -> None:
        super().__init__(phrases["ui_desk_title"], theme, scale)
        self._phrases = phrases
        self._sign = DeskSign("calibrating", 28)
        self._state: tuple[DeskColour, DeskState, str, DeskNoPoseReason] | None = None
        self.says = label("")
        self.menu = DeskMenu(phrases, self)
        self.more = button("⋯", self._show_menu, "number")
        self.more.setAccessibleName(phrases["ui_desk_more"])
        self.more.setToolTip(phrases["ui_desk_more"])
        self._paused = False
        self.pause = button(phrases["ui_desk_pause"], self._pause, "")
        self.open = button(phrases["ui_desk_open"], self.opened.emit, "")
        state = row(self._sign, self.says, gap=12)
        state.setStretch(1, 1)
        buttons = row(self.pause, self.open, self.more, gap=8)
        buttons.setStretch(0, 1)
        buttons.setStretch(1, 1)
        self.setLayout(column(state, buttons, gap=10, margin=14))
        self.first = self.pause
        self.show_state("calibrating", "calibrating")

    def show_state(
        self,
        colour: DeskColour,
        state: DeskState,
        until: str = "",
        why: DeskNoPoseReason = "",
    ) -> None:
        """As `Tray.show_state`."""
        if (colour, state, until, why) == self._state:
            return
        self._state = colour, state, until, why
        words = state_words(self._phrases, colour, state, until, why)
        self._paused = colour == "paused"
        self._sign.show_colour(colour)
        self.says.setText(sentence(words))
        do = self._phrases["ui_desk_resume" if self._paused else "ui_desk_pause"]
        self.pause.setText(do)
        self.pause.setAccessibleName(do)
        self.menu.show_state(colour, words, state == "standing")

    def dismiss(self) -> None:
        """It stays open: nothing else would show that the camera is on."""

    def _pause(self) -> None:
        """The menu asks for how long; to resume needs no question."""
        if self._paused:
            self.menu.resumed.emit()
        else:
            self._show_menu()

    def _show_menu(self) -> None:
        self.menu.popup(self.mapToGlobal(QPoint(0, 0)) - QPoint(0, self.menu.sizeHint().height()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        handle = self.windowHandle()
        if event.button() == Qt.MouseButton.LeftButton and handle is not None:
            self.take_keyboard()
            handle.startSystemMove()
