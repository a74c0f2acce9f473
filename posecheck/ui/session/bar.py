"""The buttons under the picture of a session: what can be chosen now, each with its key.

They are as large as they fit beside each other, and large enough to be hit from the mat where an
answer is what matters. Letters shrink and a second row is begun before a word is cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from posecheck.ui.widgets.style import TEXT, Colours

SIDE, GAP = 14, 8
"""Pixels beside and between the buttons."""
LOWEST = 44
"""Height of a button; WCAG 2.5.5 asks for 44."""
SMALLEST = 15
"""Pixels of the letters below which a second row is begun."""
FULL_HIGH, MOST_LARGER = 800, 1.4
"""Letters are of the usual size in a page of so many pixels height, and grow with it up to so much:
a full screen is looked at from farther away."""
BIG_SHARE, BIG_LEAST, BIG_MOST = 0.125, 80, 140
"""Height of a big button as a share of the page's, and its limits: letters of 29 to 50 pixels."""
BIG_LETTERS = 0.36
RADIUS = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A button.

    name   tells it from the others of a bar
    key    on its cap, "" for none
    words  what it does; also its name for a screen reader
    do     when it is pressed
    """

    name: str
    key: str
    words: str
    do: Callable[[], object]


class KeyButton(QPushButton):
    """A key cap and words, drawn in the middle of whatever room it is given."""

    def __init__(self, choice: Choice, colours: Colours, main: bool) -> None:
        super().__init__()
        self.choice = choice
        self._colours, self._main = colours, main
        self._words = choice.words[:1].upper() + choice.words[1:]
        self.letters_px = float(TEXT)
        self.setAccessibleName(self._words)
        self.setAccessibleDescription(choice.key)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda: choice.do())

    def width_at(self, px: float) -> float:
        """Pixels that it needs with letters of so many."""
        cap, between, words = self._parts(px)
        return cap + between + words + 1.3 * px

    def place(self, x: float, y: float, width: float, height: float, px: float) -> None:
        self.letters_px = px
        left, top = round(x), round(y)
        self.setGeometry(left, top, round(x + width) - left, round(y + height) - top)

    def sizeHint(self) -> QSize:
        return self.size()

    def _parts(self, px: float) -> tuple[float, float, float]:
        """Widths of cap, gap and words."""
        words = QFontMetricsF(self._font(px, False)).horizontalAdvance(self._words)
        if not self.choice.key:
            return 0.0, 0.0, words
        key = QFontMetricsF(self._font(0.8 * px, True)).horizontalAdvance(self.choice.key)
        return max(1.5 * px, key + 0.8 * px), 0.5 * px, words

    def _font(self, px: float, bold: bool) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(1, round(px)))
        font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Medium)
        return font

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = self._draw_ground(painter)
            cap, between, words = self._parts(self.letters_px)
            x, height = (self.width() - cap - between - words) / 2, self.height()
            if cap:
                box = QRectF(x, (height - 1.5 * self.letters_px) / 2, cap, 1.5 * self.letters_px)
                painter.setPen(QPen(ink, max(1.0, 0.07 * self.letters_px)))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box, 0.28 * self.letters_px, 0.28 * self.letters_px)
                painter.setFont(self._font(0.8 * self.letters_px, True))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.choice.key)
            painter.setPen(ink)
            painter.setFont(self._font(self.letters_px, False))
            box = QRectF(x + cap + between, 0, words + 2, height)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self._words)

    def _draw_ground(self, painter: QPainter) -> QColor:
        """The button without what is on it; the colour of that."""
        colours, main = self._colours, self._main
        touched = self.underMouse() or self.isDown()
        if not self.isEnabled():
            ground, edge, ink = colours.sunken, colours.line, colours.muted
        elif main:
            ground = colours.accent_strong if touched or self.hasFocus() else colours.accent
            edge, ink = ground, colours.on_accent
        else:
            ground = colours.tint if touched else colours.surface
            edge, ink = colours.edge, colours.text
        thick = 1.5
        if self.hasFocus():
            thick, edge = 4.0, colours.text if main else colours.accent
        box = QRectF(self.rect()).adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        painter.setPen(QPen(QColor(edge), thick))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        return QColor(ink)


class Bar(QWidget):
    """The row of buttons; `lay` says which, `arrange` where."""

    def __init__(self, colours: Colours, font_scale: float) -> None:
        super().__init__()
        self._colours, self._scale = colours, font_scale
        self._choices: list[KeyButton] = []
        self._others: list[KeyButton] = []
        self._big = False
        # The style sheet of the window is for buttons that Qt draws.
        self.setStyleSheet("QPushButton { min-height: 0; padding: 0; border: 0; }")

    @property
    def buttons(self) -> dict[str, KeyButton]:
        """By the names of their choices."""
        return {each.choice.name: each for each in (*self._choices, *self._others)}

    @property
    def focused(self) -> KeyButton | None:
        return next((each for each in self.buttons.values() if each.hasFocus()), None)

    def lay(self, choices: Iterable[Choice], others: Iterable[Choice], main: str = "",
            big: bool = False) -> None:  # fmt: skip
        """Other buttons: `choices` from the left, `others` from the right. `main` is the name of
        the one that is meant first. Focus stays with a button of the same name."""
        focused, old = self.focused, self.buttons
        self._big = big
        self._choices = [KeyButton(each, self._colours, each.name == main) for each in choices]
        self._others = [KeyButton(each, self._colours, each.name == main) for each in others]
        for each in self.buttons.values():
            each.setParent(self)
            each.show()
        if focused is not None and (same := self.buttons.get(focused.choice.name)):
            same.setFocus()
        for each in old.values():
            each.hide()
            each.deleteLater()

    def arrange(self, width: int, height: int) -> None:
        """Place them in a page of this size, and be as high as they need."""
        room = width - 2 * SIDE
        px = TEXT * self._scale * min(MOST_LARGER, max(1.0, height / FULL_HIGH))
        if self._big:
            high = self._arrange_big(room, px, min(BIG_MOST, max(BIG_LEAST, BIG_SHARE * height)))
        else:
            high = self._arrange_usual(room, px)
        self.setFixedHeight(round(high))

    def _arrange_usual(self, room: float, most: float) -> float:
        both = (*self._choices, *self._others)
        px = _fitting((both,), room, most)
        rows: tuple[Sequence[KeyButton], ...] = (both,)
        if px < SMALLEST:
            rows = (self._choices, self._others)
            px = _fitting(rows, room, most)
        tall = _tall(px)
        _from_left(self._choices, GAP, tall, px)
        if len(rows) == 1:
            _from_right(self._others, room, GAP, tall, px)
        else:
            _from_left(self._others, tall + 2 * GAP, tall, px)
        return len(rows) * (tall + GAP) + 1.25 * GAP

    def _arrange_big(self, room: float, small: float, tall: float) -> float:
        low, top = _tall(small), 0.0
        free = _from_right(self._others, room, GAP + (tall - low) / 2, low, small) - GAP
        px = _fitting((self._choices,), free, BIG_LETTERS * tall)
        if px < small:  # an answer is never smaller than what stands beside it
            small = _fitting((self._others,), room, small)
            low, free = _tall(small), room
            _from_right(self._others, room, tall + 2 * GAP, low, small)
            px, top = _fitting((self._choices,), free, BIG_LETTERS * tall), low + GAP
        widths = [each.width_at(px) for each in self._choices]
        more = (free - sum(widths) - GAP * (len(widths) - 1)) / max(1, len(widths))
        x = float(SIDE)
        for each, width in zip(self._choices, widths, strict=True):
            each.place(x, GAP, width + more, tall, px)
            x += width + more + GAP
        return tall + top + 2.25 * GAP


def _tall(px: float) -> float:
    """Height of a button with letters of so many pixels."""
    return max(LOWEST, 2.05 * px)


def _fitting(rows: Sequence[Sequence[KeyButton]], room: float, most: float) -> float:
    """Pixels of the largest letters with which every row fits; at most so many."""
    px = most
    while px > 1 and any(_width(row, px) > room for row in rows):
        px -= 0.5
    return px


def _width(row: Sequence[KeyButton], px: float) -> float:
    return sum(each.width_at(px) for each in row) + GAP * max(0, len(row) - 1)


def _from_left(row: Sequence[KeyButton], y: float, height: float, px: float) -> None:
    x = float(SIDE)
    for each in row:
        each.place(x, y, each.width_at(px), height, px)
        x += each.width_at(px) + GAP


def _from_right(row: Sequence[KeyButton], room: float, y: float, height: float, px: float) -> float:
    """Where the row begins, without the margin of the page."""
    x = room
    for each in reversed(row):
        width = each.width_at(px)
        each.place(SIDE + x - width, y, width, height, px)
        x -= width + GAP
    return x + GAP if row else room
