"""A chart in a window: the SVG of the report, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from posecheck.io.report.charts import GRID, INK, MUTED, UNCHECKED, Chart

SCALE = 1.25
"""Size of a chart in a window, relative to its size on paper: it is read from farther away."""


class ChartView(QWidget):
    """Shows a chart. It takes the keyboard focus, so that a screen reader reads its title and
    `lines`, which say in words what the chart shows. `scale`: that of all texts."""

    def __init__(self, chart: Chart, lines: Sequence[str] = (), scale: float = 1.0) -> None:
        super().__init__()
        self.chart, self._scale = chart, SCALE * scale
        self.setAccessibleName(chart.title)
        self.setAccessibleDescription(" ".join(lines))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(round(chart.width * self._scale))

    def sizeHint(self) -> QSize:
        return QSize(round(self.chart.width * self._scale), round(self.chart.height * self._scale))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.chart.width // 2, round(self.chart.height * self._scale))

    def paintEvent(self, _event: QPaintEvent) -> None:
        renderer = QSvgRenderer(QByteArray(self._coloured().encode()))
        share = min(self.width() / self.chart.width, self.height() / self.chart.height)
        box = QRectF(0, 0, self.chart.width * share, self.chart.height * share)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            renderer.render(painter, box)
            if self.hasFocus():
                painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _coloured(self) -> str:
        """The SVG with its ink and grid in the colours of the palette; the colours of the data are
        the same on both grounds."""
        palette = self.palette()
        text = palette.color(QPalette.ColorRole.WindowText)
        ground = palette.color(QPalette.ColorRole.Window)
        svg = self.chart.svg
        for colour, share in ((INK, 1.0), (MUTED, 0.7), (GRID, 0.2), (UNCHECKED, 0.1)):
            svg = svg.replace(colour, _mixed(text, ground, share))
        return svg.replace("stroke='white'", f"stroke='{ground.name()}'")


def _mixed(a: QColor, b: QColor, share: float) -> str:
    """`share` of colour a on b, as #rrggbb."""
    parts = [
        round(share * x + (1 - share) * y)
        for x, y in ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    ]
    return QColor(*parts).name()
