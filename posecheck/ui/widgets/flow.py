"""Layouts that follow the width: parts that wrap like words, and columns that become rows.

Qt's own boxes keep their direction, so that with large texts on a small screen a row would be wider
than its page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import QMargins, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from posecheck.ui.widgets.controls import space

COLUMN_EMS = 14.0
"""Minimum width of a column, in heights of a letter: some 28 letters, as in a newspaper."""


Places = Callable[[QRect], Iterable[tuple[QLayoutItem, QRect]]]
"""Each visible item and its place in a rectangle, whose height does not matter."""


class _Items(QLayout):
    """The items of a layout whose height follows from its width.

    gap     space between two items, pixels, rounded to `SPACES`
    places  where the items go
    """

    def __init__(self, gap: int, places: Places) -> None:
        super().__init__()
        self._gap, self._places = space(gap), places
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def put(self, part: QWidget | QLayout) -> None:
        """Add a part at the end."""
        if isinstance(part, QWidget):
            self.addWidget(part)
        else:
            self.addChildLayout(part)
            self.addItem(part)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        inner = QRect(0, 0, width - margins.left() - margins.right(), 0)
        boxes = [box for _, box in self._places(inner)]
        height = max((box.bottom() + 1 for box in boxes), default=0)
        return height + margins.top() + margins.bottom()

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        for item, box in self._places(rect.marginsRemoved(self.contentsMargins())):
            item.setGeometry(box)

    def sizeHint(self) -> QSize:
        sizes = [each.sizeHint() for each in self._shown()]
        width = sum(each.width() for each in sizes) + self._gap * max(0, len(sizes) - 1)
        return self._with_margins(QSize(width, max((s.height() for s in sizes), default=0)))

    def minimumSize(self) -> QSize:
        widest = max((each.minimumSize().width() for each in self._shown()), default=0)
        return self._with_margins(QSize(widest, 0))

    def _shown(self) -> Sequence[QLayoutItem]:
        return [each for each in self._items if not each.isEmpty()]

    def _with_margins(self, size: QSize) -> QSize:
        margins: QMargins = self.contentsMargins()
        across, down = margins.left() + margins.right(), margins.top() + margins.bottom()
        return QSize(size.width() + across, size.height() + down)


class Flow(_Items):
    """Parts beside each other; those that do not fit begin another row. `gap`: pixels."""

    def __init__(self, gap: int) -> None:
        super().__init__(gap, self._rows)

    def _rows(self, inner: QRect) -> Iterator[tuple[QLayoutItem, QRect]]:
        x, y, row = inner.x(), inner.y(), 0
        for item in self._shown():
            size = item.sizeHint().boundedTo(QSize(inner.width(), 10_000))
            if x > inner.x() and x + size.width() > inner.x() + inner.width():
                x, y, row = inner.x(), y + row + self._gap, 0
            yield item, QRect(x, y, size.width(), size.height())
            x, row = x + size.width() + self._gap, max(row, size.height())


class Columns(_Items):
    """Parts beside each other in columns of equal height; below each other where a column would be
    narrower than COLUMN_EMS or than its content.

    parts     from left to right
    stretch   shares of the width, for each part
    """

    def __init__(
        self, parts: Iterable[QWidget | QLayout], stretch: Sequence[int] = (), gap: int = 24
    ) -> None:
        super().__init__(gap, self._columns)
        for part in parts:
            self.put(part)
        self._stretch = tuple(stretch) or (1,) * len(self._items)

    def _columns(self, inner: QRect) -> Iterator[tuple[QLayoutItem, QRect]]:
        items = self._shown()
        edges = self._edges(items, inner.width())
        if edges:
            columns = [(left, right - self._gap - left) for left, right in pairwise(edges)]
            tall = max(_height(i, wide) for i, (_, wide) in zip(items, columns, strict=True))
            for item, (left, wide) in zip(items, columns, strict=True):
                yield item, QRect(inner.x() + left, inner.y(), wide, tall)
            return
        y = inner.y()
        for item in items:
            height = _height(item, inner.width())
            yield item, QRect(inner.x(), y, inner.width(), height)
            y += height + self._gap

    def _edges(self, items: Sequence[QLayoutItem], width: int) -> list[int]:
        """Where the columns begin, and where the next one would; empty when they do not fit."""
        shares = [s for i, s in zip(self._items, self._stretch, strict=True) if not i.isEmpty()]
        room, whole = width + self._gap, sum(shares)
        if not items:
            return []
        edges = [round(room * sum(shares[:number]) / whole) for number in range(len(items) + 1)]
        owner = self.parentWidget()
        letter = owner.fontInfo().pixelSize() if owner is not None else 0
        for item, (left, right) in zip(items, pairwise(edges), strict=True):
            least = max(item.minimumSize().width(), round(COLUMN_EMS * letter))
            if len(items) > 1 and right - left - self._gap < least:
                return []
        return edges


def _height(item: QLayoutItem, width: int) -> int:
    """The height of an item at this width, pixels."""
    if item.hasHeightForWidth():
        return max(item.heightForWidth(width), item.minimumSize().height())
    return item.sizeHint().height()
