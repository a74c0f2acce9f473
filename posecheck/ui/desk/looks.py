"""The appearance of the desk's states: an icon for each colour of the tray, a pattern for each way
of sitting.

Colour alone carries no information: icons differ in shape, patterns in their lines and height.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from posecheck.desk.colour import DeskColour
from posecheck.desk.observation import DeskNoPoseReason
from posecheck.desk.states import DeskState
from posecheck.ui.draw.theme import Rgb

DESK_COLOURS: Mapping[DeskColour, Rgb] = {
    "calibrating": (134, 206, 255),
    "fine": (64, 200, 122),
    "amber": (255, 178, 36),
    "resting": (156, 184, 226),
    "unsure": (200, 205, 214),
    "paused": (200, 205, 214),
    "lost": (200, 205, 214),
    "break": (156, 184, 226),
}
"""Light colours, for dark panels; the dark casing shows the shape on light panels."""
ICON_CASING = QColor(14, 18, 26)
ICON_PX = (16, 22, 24, 32, 44, 48, 64, 128)
"""Sizes that panels use: 16 Windows, 22 KDE and GNOME, 44 macOS at twice the resolution."""

# --- icons, as paths in a square of 100 (x to the right, y down) --------------------------------
# Not a square of 1: when Qt joins and cuts paths, it flattens curves at the scale of pixels.


def _stroked(path: QPainterPath, width: float) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(width)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(path).simplified()


def _line(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(*point)
    return path


def _round(radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(50, 50), radius, radius)
    return path


def _disc() -> QPainterPath:
    """A full disc with a tick cut out of it."""
    return _round(43).subtracted(_stroked(_line((29, 52), (44, 67), (71, 36)), 12))


def _wave() -> QPainterPath:
    path = QPainterPath(QPointF(19, 60))
    path.cubicTo(30, 12, 44, 12, 50, 50)
    path.cubicTo(56, 88, 70, 88, 81, 40)
    return _stroked(path, 20)


def _question() -> QPainterPath:
    path = QPainterPath()
    path.arcMoveTo(28, 15, 44, 38, 190)
    path.arcTo(28, 15, 44, 38, 190, -235)
    path.quadTo(50, 50, 50, 62)
    dot = QPainterPath()
    dot.addEllipse(QPointF(50, 83), 9, 9)
    return _stroked(path, 15).united(dot)


def _bars() -> QPainterPath:
    path = QPainterPath()
    for x in (17, 61):
        path.addRoundedRect(QRectF(x, 14, 22, 72), 7, 7)
    return path


def _cross() -> QPainterPath:
    path = _stroked(_line((22, 22), (78, 78)), 20)
    return path.united(_stroked(_line((78, 22), (22, 78)), 20))


def _ring() -> QPainterPath:
    return _stroked(_round(33), 16)


def _heart() -> QPainterPath:
    path = QPainterPath(QPointF(50, 90))
    path.cubicTo(18, 66, 4, 46, 12, 27)
    path.cubicTo(19, 10, 42, 12, 50, 32)
    path.cubicTo(58, 12, 81, 10, 88, 27)
    path.cubicTo(96, 46, 82, 66, 50, 90)
    return path


def _corners() -> QPainterPath:
    """The corners of a picture around a head."""
    path = QPainterPath()
    for x, dx in ((14, 14), (86, -14)):
        for y, dy in ((14, 14), (86, -14)):
            path.addPath(_stroked(_line((x + dx, y), (x, y), (x, y + dy)), 13))
    path.addEllipse(QPointF(50, 50), 17, 17)
    return path


_SHAPES: Mapping[DeskColour, Callable[[], QPainterPath]] = {
    "calibrating": _corners, "fine": _disc, "amber": _wave,
    "resting": _ring, "unsure": _question, "paused": _bars, "lost": _cross, "break": _heart,
}  # fmt: skip

CASING_WIDTH = 6.5
"""Thickness of the casing: 1.5 pixels of an icon of 22."""


def draw_desk_icon(
    painter: QPainter, colour: DeskColour, box: QRectF, bright: bool = False
) -> None:
    """The icon in the middle of a box. `bright`: the flash of a recovery, without the tick."""
    side = min(box.width(), box.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.center().x() - side / 2, box.center().y() - side / 2)
    painter.scale(side / 100, side / 100)
    shape = _SHAPES[colour]()
    join = Qt.PenJoinStyle.RoundJoin
    painter.setPen(
        QPen(ICON_CASING, 2 * CASING_WIDTH, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, join)
    )
    painter.setBrush(ICON_CASING)
    painter.drawPath(shape)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*DESK_COLOURS[colour]))
    if bright:
        painter.drawEllipse(QPointF(50, 50), 48, 48)
    else:
        painter.drawPath(shape)
    painter.restore()


@lru_cache(maxsize=16)
def desk_icon(colour: DeskColour, bright: bool = False) -> QIcon:
    """The icon for a panel, in all the sizes of ICON_PX. Needs `gui_application`."""
    icon = QIcon()
    for pixels in ICON_PX:
        made = QPixmap(pixels, pixels)
        made.fill(Qt.GlobalColor.transparent)
        with QPainter(made) as painter:
            draw_desk_icon(painter, colour, QRectF(0, 0, pixels, pixels), bright)
        icon.addPixmap(made)
    return icon


# --- ways of sitting ----------------------------------------------------------------------------

Way = Literal[
    "standing", "tall", "back", "elsewhere", "near", "sunk", "away", "unknown", "off"
]  # fmt: skip
"""The categories of a day's chart. elsewhere: looking down or aside, a hand at the face; near:
close to the screen, shoulders lifted, leaning to one side; sunk: slouching, the head forward; off:
paused."""

WAYS: Mapping[DeskState, Way] = {
    "upright": "tall", "reclined": "back", "standing": "standing", "away": "away",
    "slouching": "sunk", "head_forward": "sunk", "too_close": "near", "shoulders_up": "near",
    "tilted": "near", "looking_down": "elsewhere", "turned": "elsewhere",
    "hand_at_face": "elsewhere", "unreliable": "unknown", "calibrating": "unknown",
    "unwatched": "unknown",
}  # fmt: skip

HEIGHTS: Mapping[Way, float] = {
    "standing": 1.0, "tall": 0.80, "back": 0.68, "elsewhere": 0.56, "near": 0.50, "sunk": 0.38,
    "away": 0.14, "unknown": 0.26, "off": 0.0,
}  # fmt: skip
"""Height of a way in the chart of a day: roughly that of the head."""

_LIGHT: Mapping[Way, Rgb] = {
    "standing": (0, 98, 168), "tall": (38, 138, 88), "back": (38, 138, 88),
    "elsewhere": (112, 122, 138), "near": (178, 98, 0), "sunk": (178, 98, 0),
    "away": (112, 122, 138), "unknown": (112, 122, 138), "off": (200, 208, 220),
}  # fmt: skip
_DARK: Mapping[Way, Rgb] = {
    "standing": (134, 206, 255), "tall": (64, 190, 118), "back": (64, 190, 118),
    "elsewhere": (138, 148, 166), "near": (255, 178, 36), "sunk": (255, 178, 36),
    "away": (138, 148, 166), "unknown": (138, 148, 166), "off": (50, 58, 72),
}  # fmt: skip


def is_dark(widget: QWidget) -> bool:
    """Whether a widget is shown in the dark theme."""
    return widget.palette().color(QPalette.ColorRole.Window).lightness() < 128


def muted() -> QColor:
    """The colour of secondary text: that of the application, because a style sheet gives a widget
    a paler one."""
    return QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText)


def way_colour(way: Way, dark: bool) -> QColor:
    """The colour of a way. Its contrast on a card is at least 3 to 1, except "off", which only
    fills a gap."""
    return QColor(*(_DARK if dark else _LIGHT)[way])


def fill_way(painter: QPainter, box: QRectF, way: Way, dark: bool, surface: QColor) -> None:
    """Fill a box with the pattern of a way. Patterns are aligned to the surface, not to the box:
    two adjacent boxes look like one."""
    colour = way_colour(way, dark)
    painter.save()
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    painter.fillRect(box, colour)
    lines, dots = _pattern(way, box)
    gap = QColor(surface)
    gap.setAlpha(190)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(gap, 2.0))
    painter.drawLines(lines)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(gap)
    for dot in dots:
        painter.drawEllipse(dot, 1.5, 1.5)
    painter.restore()


STEP = 7.0
"""Pixels from one line or dot of a pattern to the next."""


def _pattern(way: Way, box: QRectF) -> tuple[list[QLineF], list[QPointF]]:
    """tall, standing, away, off: none; back: horizontal lines; sunk: slanted lines; near, unknown:
    dots; elsewhere: vertical lines."""
    left, right, top, bottom = box.left(), box.right(), box.top(), box.bottom()
    if way == "back":
        rows = range(1, math.ceil(box.height() / STEP))
        return [QLineF(left, bottom - STEP * i, right, bottom - STEP * i) for i in rows], []
    if way == "elsewhere":
        return [QLineF(x, top, x, bottom) for x in _steps(left, right)], []
    if way == "sunk":
        high = box.height()
        return [QLineF(x, bottom, x + high, top) for x in _steps(left - high, right)], []
    if way in ("near", "unknown"):
        rows = range(1, math.ceil(box.height() / STEP))
        return [], [QPointF(x, bottom - STEP * i) for x in _steps(left, right) for i in rows]
    return [], []


def _steps(low: float, high: float) -> list[float]:
    return [STEP * i + STEP / 2 for i in range(math.floor(low / STEP) - 1, math.ceil(high / STEP))]


# --- words --------------------------------------------------------------------------------------


def state_words(
    phrases: Mapping[str, str],
    colour: DeskColour,
    state: DeskState,
    until: str = "",
    why: DeskNoPoseReason = "",
) -> str:
    """The situation in words: from the colour where it decides, else from the state. A slump that
    is not confirmed reads like all quiet. `until`: when a pause ends. `why`: as in
    `DeskReading`."""
    if colour == "paused":
        if not until:
            return phrases["ui_desk_paused"]
        return phrases["ui_desk_paused_until"].format(until=until)
    if colour == "fine" and state == "reclined":
        return phrases["desk_state_reclined"]
    if colour == "unsure" and why == "frozen":
        return phrases["desk_state_frozen"]
    return phrases[_WORDS.get(colour, f"desk_state_{state}")]


_WORDS: Mapping[DeskColour, str] = {
    "amber": "ui_desk_amber", "fine": "ui_desk_fine", "unsure": "desk_state_unreliable",
    "calibrating": "desk_state_calibrating", "lost": "halt_camera",
    "break": "ui_desk_break_section",
}  # fmt: skip
