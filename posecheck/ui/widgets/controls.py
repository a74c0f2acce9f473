"""The parts of every page: labels, buttons, cards, and the page itself.

Space presses the control that has the focus. So does Return; where there is nothing left to press,
as on an answer that is chosen already, it presses the button that leads on. Escape goes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

SPACES = (0, 2, 4, 8, 12, 16, 24, 32, 40)
"""The spaces between parts, pixels: one scale for all pages, so that parts align. Layouts round to
it, with `space`."""
CARD_MARGINS = (24, 16)
"""Space inside a card at its sides, and above and below, pixels: texts of all cards align."""
PAGE_MARGIN = 40
"""Space on both sides of a page, pixels."""

MAX_CONTENT_WIDTH = 1240
"""Maximum width of a page's content, pixels. Longer lines of text are hard to follow."""


def space(wanted: int) -> int:
    """The step of `SPACES` next to this many pixels, the larger of two."""
    return min(SPACES, key=lambda each: (abs(each - wanted), -each))


def label(text: str, role: str = "") -> QLabel:
    """Text that wraps. `role` is one of the style sheet's: title, heading, lead, muted, ..."""
    made = QLabel(text)
    made.setWordWrap(True)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    return made


def sentence(words: str) -> str:
    """The words with a capital first letter."""
    return words[:1].upper() + words[1:]


def announce(widget: QWidget, text: str) -> None:
    """Let a screen reader announce a text that has appeared."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def short(text: str, role: str = "") -> QLabel:
    """Text in one line that takes no more room than it needs."""
    made = label(text, role)
    made.setWordWrap(False)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def button(
    text: str, pressed: Callable[[], object], role: str = "", about: str = ""
) -> QPushButton:
    """A button. `about` describes it for a screen reader where its text alone says too little."""
    made = QPushButton(text.replace("&", "&&"))  # a single one would mark a letter
    made.setAccessibleName(text)
    made.setAccessibleDescription(about)
    made.setProperty("role", role)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.clicked.connect(lambda: pressed())
    return made


def column(*parts: QWidget | QLayout | int, gap: int = 12, margin: int = 0) -> QVBoxLayout:
    """Parts below each other. An int is space in pixels, 0 is space that stretches. All spaces are
    rounded to `SPACES`."""
    made = QVBoxLayout()
    _fill(made, parts, gap, margin)
    return made


def row(*parts: QWidget | QLayout | int, gap: int = 12, margin: int = 0) -> QHBoxLayout:
    """Parts beside each other; an int is as in `column`."""
    made = QHBoxLayout()
    _fill(made, parts, gap, margin)
    return made


def _fill(
    box: QVBoxLayout | QHBoxLayout, parts: Iterable[QWidget | QLayout | int], gap: int, margin: int
) -> None:
    box.setSpacing(space(gap))
    around = space(margin)
    box.setContentsMargins(around, around, around, around)
    for part in parts:
        match part:
            case QWidget():
                box.addWidget(part)
            case QLayout():
                box.addLayout(part)
            case 0:
                box.addStretch(1)
            case _:
                box.addSpacing(space(part))


def card(layout: QLayout, role: str = "card") -> QFrame:
    """A raised area. The role "notice" is for what the user must not miss."""
    made = QFrame()
    fill_card(made, layout, role)
    return made


def fill_card(frame: QFrame, layout: QLayout, role: str = "card") -> None:
    """Make a frame a raised area with this content."""
    frame.setProperty("role", role)
    side, above = CARD_MARGINS
    layout.setContentsMargins(side, above, side, above)
    frame.setLayout(layout)


def scroll(content: QWidget) -> QScrollArea:
    """`content` in an area that scrolls vertically only and that the Tab key skips."""
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustIgnored)
    return area


_SCROLLS = {
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


class Page(QWidget):
    """A page: a header and a footer that stay, and content that scrolls.

    title   name of the page for a screen reader
    widest  maximum width of the content, pixels

    first   the control that gets the focus when the page is shown
    main    the main button of the footer, which leads on; None without one
    area    where the content scrolls

    left    the user has pressed Escape

    Keys that no control has handled scroll the content.
    """

    left = Signal()

    def __init__(self, title: str, widest: int = MAX_CONTENT_WIDTH) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self.first: QWidget | None = None
        self.main: QPushButton | None = None
        self._inner = QWidget()
        self._inner.setMaximumWidth(widest)
        self._holder = QWidget()
        self._holder.setLayout(_centred(self._inner))
        self.area = scroll(self._holder)
        self.area.verticalScrollBar().rangeChanged.connect(self._bar)
        self._edge = QFrame()
        self._edge.setObjectName("edge")
        self._edge.setFixedHeight(1)
        self._header = QWidget()
        self._header.setMaximumWidth(widest)
        self._footer = QWidget()
        self._footer.setMaximumWidth(widest)
        top, bottom = _centred(self._header), _centred(self._footer)
        top.setContentsMargins(PAGE_MARGIN, 24, PAGE_MARGIN, 0)
        bottom.setContentsMargins(PAGE_MARGIN, 12, PAGE_MARGIN, 16)
        self.setLayout(column(top, self.area, self._edge, bottom, gap=0))
        self._header.hide()
        self._footer.hide()

    def put(self, content: QLayout) -> None:
        """Set the content that scrolls."""
        content.setContentsMargins(0, 16, 0, 24)
        self._inner.setLayout(content)

    def put_still(self, content: QLayout) -> None:
        """Set content that does not scroll as a whole, because it has scroll areas of its own."""
        self.put(content)
        whole = self.layout()
        assert whole is not None
        whole.replaceWidget(self.area, self.area.takeWidget())
        self.area.deleteLater()
        self._holder.setAutoFillBackground(False)

    def head(self, *parts: QWidget | QLayout | int) -> None:
        """Set the header, which stays above."""
        self._header.setLayout(row(*parts))
        self._header.show()

    def foot(self, *parts: QWidget | QLayout | int) -> None:
        """Set the footer, which stays below: the buttons that lead on and back."""
        self._footer.setLayout(row(*parts))
        self._footer.show()
        buttons = self._footer.findChildren(QPushButton)
        self.main = next((b for b in buttons if b.property("role") == "main"), None)

    def enter(self) -> None:
        """Give the focus to the first control. Call it when the page is shown."""
        self.area.verticalScrollBar().setValue(0)
        if self.first is not None:
            self.first.setFocus(Qt.FocusReason.TabFocusReason)

    def reveal(self, part: QWidget) -> None:
        """Scroll to a part of the content, once the layout has its place."""

        def scroll_there() -> None:
            if part.isVisible():
                self.area.ensureWidgetVisible(part, 0, PAGE_MARGIN)

        QTimer.singleShot(0, part, scroll_there)

    def _bar(self, _low: int, high: int) -> None:
        """Keep the content in its place when a scroll bar appears, and show an edge where the page
        continues."""
        bar = self.area.verticalScrollBar().sizeHint().width() if high else 0
        layout = self._holder.layout()
        assert layout is not None
        layout.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN - bar, 0)
        self._edge.setProperty("scrolls", bool(high))
        self._edge.style().polish(self._edge)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, focus = Qt.Key(event.key()), self.focusWidget()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press(focus)
        elif key in _SCROLLS:
            self.area.verticalScrollBar().triggerAction(_SCROLLS[key])
        else:
            super().keyPressEvent(event)

    def _press(self, focus: QWidget | None) -> None:
        """Return was pressed and no control has handled it."""
        if isinstance(focus, QAbstractButton) and not _is_chosen(focus):
            focus.click()
        elif isinstance(focus, (QLineEdit, QAbstractItemView)):
            pass  # Return belongs to what was typed or chosen there
        elif self.main is not None and self.main.isVisible():
            self.main.click()


def _is_chosen(each: QAbstractButton) -> bool:
    """Whether a button is one of several answers, and the one that is chosen."""
    group = each.group()
    return group is not None and group.checkedButton() is each


def _centred(content: QWidget) -> QHBoxLayout:
    box = QHBoxLayout()
    box.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, 0)
    box.setSpacing(0)
    box.addStretch(1)
    box.addWidget(content, 1000)
    box.addStretch(1)
    return box
