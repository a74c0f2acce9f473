"""The bar of buttons below the picture of a session; each button shows its key.

Buttons are as large as they fit beside each other. Answers are large enough to be pressed from the
mat. Before a word would be cut, letters shrink, and then a second row begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from posecheck.ui.widgets.controls import sentence
from posecheck.ui.widgets.style import PageColours

BAR_MARGIN, BUTTON_GAP = 14, 8
"""Pixels beside and between the buttons."""
MIN_BUTTON_HEIGHT = 44
"""Pixels; WCAG 2.5.5 asks for 44."""
KEY_PX, MIN_ROW_LETTERS = 26, 15
"""Height of the letters in a window of the usual height, pixels: half as large again as on pages,
which are read at arm's length. With letters below the second number a second row begins."""
USUAL_PAGE_HEIGHT, MAX_ENLARGEMENT = 800, 1.4
"""In a page of this height, pixels, letters have their usual size. They grow with the page up to
this factor, because a full screen is viewed from farther away."""
BIG_SHARE, MIN_BIG_HEIGHT, MAX_BIG_HEIGHT = 0.125, 80, 140
"""Height of a big button as a share of the page's height, and its limits in pixels: its letters are
29 to 50 pixels high."""
BIG_LETTERS = 0.36
"""Height of the letters of a big button, as a share of its height."""
BUTTON_RADIUS = 12
"""Of the corners, pixels."""


@dataclass(frozen=True, slots=True)
class ButtonSpec:
    """What a button shows.

    key    text on its key cap, unique in the bar; also its description for a screen reader
    words  what it does; also its name for a screen reader
    """

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class ButtonLayout:
    """The buttons of a bar.

    choices  from the left
    others   from the right
    main     key of the button that is most likely to be wanted, "" for none
    big      whether the choices are answers, and large enough to be pressed from the mat
    """

    choices: Sequence[ButtonSpec]
    others: Sequence[ButtonSpec]
    main: str = ""
    big: bool = False


class KeyButton(QPushButton):
    """A key cap and words, drawn in the middle of the button whatever its size."""

    def __init__(self, spec: ButtonSpec, colours: PageColours, main: bool) -> None:
        super().__init__()
        self.spec = spec
        self._colours, self._main = colours, main
        self._words = sentence(spec.words)
        self.letters_px = float(KEY_PX)
        self.setAccessibleName(self._words)
        self.setAccessibleDescription(spec.key)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def width_at(self, px: float) -> float:
        """The width, pixels, that it needs with letters `px` high."""
        cap, between, words = self._parts(px)
        return cap + between + words + 1.3 * px

    def place(self, x: float, y: float, width: float, height: float, px: float) -> None:
        self.letters_px = px
        left, top = round(x), round(y)
        self.setGeometry(left, top, round(x + width) - left, round(y + height) - top)

    def sizeHint(self) -> QSize:
        return self.size()

    def _parts(self, px: float) -> tuple[float, float, float]:
        """Widths of cap, gap and words, pixels, with letters `px` high."""
        words = QFontMetricsF(self._font(px, False)).horizontalAdvance(self._words)
        key = QFontMetricsF(self._font(0.8 * px, True)).horizontalAdvance(self.spec.key)
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
            box = QRectF(x, (height - 1.5 * self.letters_px) / 2, cap, 1.5 * self.letters_px)
            painter.setPen(QPen(ink, max(1.0, 0.07 * self.letters_px)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 0.28 * self.letters_px, 0.28 * self.letters_px)
            painter.setFont(self._font(0.8 * self.letters_px, True))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.spec.key)
            painter.setPen(ink)
            painter.setFont(self._font(self.letters_px, False))
            box = QRectF(x + cap + between, 0, words + 2, height)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self._words)

    def _draw_ground(self, painter: QPainter) -> QColor:
        """Draw the empty button. Returns the colour for its cap and words."""
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
        painter.drawRoundedRect(box, BUTTON_RADIUS, BUTTON_RADIUS)
        return QColor(ink)


class Bar(QWidget):
    """The row of buttons: `lay` says which ones, `arrange` puts them in their places.

    pressed  a button was pressed: its key
    """

    pressed = Signal(str)

    def __init__(self, colours: PageColours, font_scale: float) -> None:
        super().__init__()
        self._colours, self._scale = colours, font_scale
        self._choices: list[KeyButton] = []
        self._others: list[KeyButton] = []
        self._big = False
        # The window's style sheet is for buttons that Qt draws; these draw themselves.
        self.setStyleSheet("QPushButton { min-height: 0; padding: 0; border: 0; }")

    @property
    def buttons(self) -> dict[str, KeyButton]:
        """The buttons by their keys."""
        return {each.spec.key: each for each in (*self._choices, *self._others)}

    @property
    def focused(self) -> KeyButton | None:
        """The button that has the focus, if any."""
        return next((each for each in self.buttons.values() if each.hasFocus()), None)

    def lay(self, layout: ButtonLayout) -> None:
        """Replace all buttons. The focus stays with the button of the same key."""
        focused, old = self.focused, self.buttons
        self._big = layout.big
        self._choices = [self._made(spec, layout.main) for spec in layout.choices]
        self._others = [self._made(spec, layout.main) for spec in layout.others]
        if focused is not None and (same := self.buttons.get(focused.spec.key)):
            same.setFocus()
        for each in old.values():
            each.hide()
            each.deleteLater()

    def _made(self, spec: ButtonSpec, main: str) -> KeyButton:
        made = KeyButton(spec, self._colours, spec.key == main)
        made.clicked.connect(lambda: self.pressed.emit(spec.key))
        made.setParent(self)
        made.show()
        return made

    def arrange(self, width: int, height: int) -> None:
        """Place the buttons for a page of this size, pixels, and set the height of the bar to what
        they need."""
        room = width - 2 * BAR_MARGIN
        px = KEY_PX * self._scale
        px *= min(MAX_ENLARGEMENT, max(1.0, height / USUAL_PAGE_HEIGHT))
        if self._big:
            high = self._arrange_big(room, px, _big_height(height))
        else:
            high = self._arrange_plain(room, px)
        self.setFixedHeight(round(high))

    def _arrange_plain(self, room: float, most: float) -> float:
        both = (*self._choices, *self._others)
        px = _letters_fitting((both,), room, most)
        rows: tuple[Sequence[KeyButton], ...] = (both,)
        if px < MIN_ROW_LETTERS:
            rows = (self._choices, self._others)
            px = _letters_fitting(rows, room, most)
        tall = _height_at(px)
        _from_left(self._choices, BUTTON_GAP, tall, px)
        if len(rows) == 1:
            _from_right(self._others, room, BUTTON_GAP, tall, px)
        else:
            _from_left(self._others, tall + 2 * BUTTON_GAP, tall, px)
        return len(rows) * (tall + BUTTON_GAP) + 1.25 * BUTTON_GAP

    def _arrange_big(self, room: float, small: float, tall: float) -> float:
        low, top = _height_at(small), 0.0
        middle = BUTTON_GAP + (tall - low) / 2
        free = _from_right(self._others, room, middle, low, small) - BUTTON_GAP
        px = _letters_fitting((self._choices,), free, BIG_LETTERS * tall)
        if px < small:  # an answer is never smaller than the buttons beside it
            small = _letters_fitting((self._others,), room, small)
            low, free = _height_at(small), room
            _from_right(self._others, room, tall + 2 * BUTTON_GAP, low, small)
            px, top = _letters_fitting((self._choices,), free, BIG_LETTERS * tall), low + BUTTON_GAP
        widths = [each.width_at(px) for each in self._choices]
        more = (free - sum(widths) - BUTTON_GAP * (len(widths) - 1)) / max(1, len(widths))
        x = float(BAR_MARGIN)
        for each, width in zip(self._choices, widths, strict=True):
            each.place(x, BUTTON_GAP, width + more, tall, px)
            x += width + more + BUTTON_GAP
        return tall + top + 2.25 * BUTTON_GAP


def _big_height(page_height: float) -> float:
    return min(MAX_BIG_HEIGHT, max(MIN_BIG_HEIGHT, BIG_SHARE * page_height))


def _height_at(px: float) -> float:
    """Height of a button, pixels, with letters `px` high."""
    return max(MIN_BUTTON_HEIGHT, 2.05 * px)


def _letters_fitting(rows: Sequence[Sequence[KeyButton]], room: float, most: float) -> float:
    """Height of the largest letters, at most `most` pixels, with which every row fits `room`."""
    px = most
    while px > 1 and any(_width(row, px) > room for row in rows):
        px -= 0.5
    return px


def _width(row: Sequence[KeyButton], px: float) -> float:
    return sum(each.width_at(px) for each in row) + BUTTON_GAP * max(0, len(row) - 1)


def _from_left(row: Sequence[KeyButton], y: float, height: float, px: float) -> None:
    x = float(BAR_MARGIN)
    for each in row:
        each.place(x, y, each.width_at(px), height, px)
        x += each.width_at(px) + BUTTON_GAP


def _from_right(row: Sequence[KeyButton], room: float, y: float, height: float, px: float) -> float:
    """Place a row that ends at `room`. Returns where it begins, both without the bar's margin."""
    x = room
    for each in reversed(row):
        width = each.width_at(px)
        each.place(BAR_MARGIN + x - width, y, width, height, px)
        x -= width + BUTTON_GAP
    return x + BUTTON_GAP if row else room
