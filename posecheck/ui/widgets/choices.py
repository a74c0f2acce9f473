"""Controls for choosing: cards, check rows, lists, and a few answers beside each other.

Qt's own buttons do not wrap their texts. These do, so that no text is cut when it is large.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOption,
    QStyleOptionComboBox,
    QWidget,
)

from posecheck.ui.widgets.controls import CARD_MARGINS, button, column, label, row, short
from posecheck.ui.widgets.flow import Flow
from posecheck.ui.widgets.pictures import CoverPicture

LEAST_CHOOSER_LETTERS = 10
"""Letters of a list for which there is always room."""
CHOOSER_EDGES = 56
"""Pixels of a list beside its text: the arrow and the edges."""
CARD_PICTURE_MARGIN = 8
"""Space around the picture of a card, pixels."""
SIDE_PICTURE_WIDTH = 168
"""Width of a picture beside the texts of a card, pixels."""


class Card(QPushButton):
    """A large button with a title, lines of text, and perhaps a picture.

    Its name for a screen reader is the title; its description is everything else.

    ratio   width / height of the picture
    badge   a short fact below the title
    beside  put the picture to the left of the texts, not above them
    """

    def __init__(
        self,
        title: str,
        lines: Iterable[str] = (),
        picture: Path | None = None,
        ratio: float = 16 / 10,
        badge: str = "",
        beside: bool = False,
    ) -> None:
        super().__init__()
        lines = tuple(line for line in lines if line)
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join((badge, *lines)).strip())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        parts: list[QWidget | QLayout] = [label(title, "heading")]
        parts += [row(short(badge, "badge"), 0)] if badge else []
        parts += [label(line, "muted") for line in lines]
        texts = column(*parts, 0, gap=8)
        # The texts begin where those of other cards do, with and without a picture.
        inner = CARD_PICTURE_MARGIN if picture is not None else 0
        side, above = (each - inner for each in CARD_MARGINS)
        texts.setContentsMargins(side, above, side, above)
        beside = beside and picture is not None
        box = row(gap=0, margin=inner) if beside else column(gap=0, margin=inner)
        self.picture = CoverPicture(picture, ratio, radius=10)
        if beside:
            self.picture.setFixedSize(SIDE_PICTURE_WIDTH, round(SIDE_PICTURE_WIDTH / ratio))
            box.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        elif picture is not None:
            box.addWidget(self.picture)
        box.addLayout(texts, 1)
        self.setLayout(box)
        for part in self.findChildren(QLabel):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return self._layout().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._layout().minimumSize()

    def _layout(self) -> QLayout:
        found = self.layout()
        assert found is not None
        return found


class CheckRow(QCheckBox):
    """A check box whose text wraps. A click anywhere in the row changes it."""

    def __init__(self, text: str, ticked: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(text)
        self.setChecked(ticked)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.words = label(text)
        self.words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.words.setBuddy(self)
        box = row(self.words)
        side = CARD_MARGINS[0]
        box.setContentsMargins(side + 40, 12, side, 12)
        self.setLayout(box)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        found = self.layout()
        assert found is not None
        return found.sizeHint()

    def minimumSizeHint(self) -> QSize:
        found = self.layout()
        assert found is not None
        return found.minimumSize()

    def hitButton(self, point: QPoint) -> bool:
        return self.rect().contains(point)

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOption()
        option.initFrom(self)
        if self.isChecked():
            option.state |= QStyle.StateFlag.State_On
        with QPainter(self) as painter:
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
            self._paint_box(painter)

    def _paint_box(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role, here = QPalette.ColorRole, self.palette()
        box = QRectF(CARD_MARGINS[0] + 0.5, self.height() / 2 - 12.5, 25, 25)
        if not self.isChecked():
            painter.setPen(QPen(here.color(role.Mid), 2))
            painter.drawRoundedRect(box, 6, 6)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(here.color(role.Highlight))
        painter.drawRoundedRect(box, 6, 6)
        pen = QPen(here.color(role.HighlightedText), 3)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        corner = box.topLeft()
        tick = [corner + QPointF(x, y) for x, y in ((6, 13), (11, 18), (19.5, 8))]
        painter.drawPolyline(QPolygonF(tick))


class Chooser(QComboBox):
    """A list of choices that opens downwards and paints its own arrow. The mouse wheel scrolls the
    page and never changes the choice. A text that is too long for its place, as names of cameras
    are, is shortened; the list makes no page wider."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(self.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(LEAST_CHOOSER_LETTERS)
        self.setItemDelegate(QStyledItemDelegate(self))  # the default one ignores style sheets

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.width() - CHOOSER_EDGES
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideMiddle, room
        )
        self.setToolTip("" if option.currentText == self.currentText() else self.currentText())
        with QPainter(self) as painter:
            style = self.style()
            style.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option, painter, self)
            style.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option, painter, self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(QColor(self.palette().color(QPalette.ColorRole.Text)), 2.2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            at = QPointF(self.width() - 26, self.height() / 2 - 3)
            arrow = [at + QPointF(x, y) for x, y in ((-6, 0), (0, 6), (6, 0))]
            painter.drawPolyline(QPolygonF(arrow))


class Toggles(QWidget):
    """A few things beside each other, of which any number can be chosen. They wrap where the page
    is narrow.

    options  values and their words
    about    the question, which a screen reader reads before each thing
    values   chosen at first

    changed  the chosen values, in the order of the options
    """

    changed = Signal(object)

    def __init__(
        self, options: Mapping[Any, str], about: str, values: Iterable[object] = (), gap: int = 10
    ) -> None:
        super().__init__()
        chosen = tuple(values)
        self.buttons: dict[Any, QPushButton] = {}
        box = Flow(gap)
        for option, words in options.items():
            made = button(words, lambda: self.changed.emit(self.chosen), "choice")
            made.setAccessibleName(f"{about} {words}")
            made.setCheckable(True)
            made.setChecked(option in chosen)
            self.buttons[option] = made
            box.put(made)
        self.setLayout(box)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def chosen(self) -> tuple[Any, ...]:
        """The chosen values."""
        return tuple(value for value, each in self.buttons.items() if each.isChecked())


class Choice(QWidget):
    """A few answers beside each other, of which one can be chosen. Arrow keys move, Space chooses.
    They wrap where the page is narrow.

    options  values and their words
    about    the question, which a screen reader reads before each answer
    value    chosen at first; None for none

    changed  another answer was chosen: its value
    """

    changed = Signal(object)

    def __init__(
        self, options: Mapping[Any, str], about: str, value: object = None, gap: int = 10
    ) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._values = tuple(options)
        box = Flow(gap)
        for number, (option, words) in enumerate(options.items()):
            made = button(words, lambda: None, "choice")
            made.setAccessibleName(f"{about} {words}")
            made.setCheckable(True)
            made.setChecked(option == value)
            made.setAutoExclusive(True)  # the group does it; this says so to a screen reader
            self._group.addButton(made, number)
            box.put(made)
        self.setLayout(box)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._group.idToggled.connect(self._toggled)

    @property
    def chosen(self) -> object:
        """The chosen value; None while nothing is chosen."""
        number = self._group.checkedId()
        return None if number < 0 else self._values[number]

    @property
    def buttons(self) -> list[QAbstractButton]:
        return self._group.buttons()

    @property
    def current(self) -> QAbstractButton:
        """The chosen button, or the first one."""
        return self._group.checkedButton() or self.buttons[0]

    def choose(self, value: object) -> None:
        self._group.button(self._values.index(value)).setChecked(True)

    def _toggled(self, number: int, on: bool) -> None:
        if on:
            self.changed.emit(self._values[number])
