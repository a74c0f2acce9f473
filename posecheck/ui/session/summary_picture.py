"""Paints the summary of a session, in the window and in the picture that is saved.

A `_Sheet` goes down the page. Every part returns its height, and paints itself when there is a
painter. Kinds of seconds differ by pattern and words, not by colour alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
)

from posecheck.coach.scene import DisplayState
from posecheck.coach.summary import (
    SECONDS_PARTS,
    ExerciseSummary,
    SecondsPart,
    Summary,
    Worst,
    fault_words,
    form_words,
    part_words,
    reps_words,
    why_words,
)
from posecheck.io.store.settings import ThemeChoice
from posecheck.ui.draw.lettering import font as font_of
from posecheck.ui.draw.skeleton import draw_small_skeleton
from posecheck.ui.draw.theme import DARK_SCENE, LIGHT_SCENE
from posecheck.ui.widgets.style import DARK_PAGE, LIGHT_PAGE, TEXT_PX, PageColours, page_colours

PICTURE_WIDTH = 1280
"""Width of a saved picture, pixels. It fits a screen and a sheet of paper without scaling."""
PAGE_EDGE, CARD_PAD, CARD_GAP = 40.0, 26.0, 20.0
"""Space round the page, inside a card, and between cards; pixels at a width of PICTURE_WIDTH."""
FIGURE_PX = 240.0
"""Width of the field for the worst moment, pixels."""
MIN_WIDTH_BESIDE = 720.0
"""Width of a card from which on the figure is placed beside the words, not below them, pixels."""
BAR_HEIGHT = 22.0
"""Of the bar of seconds, pixels."""
EMPTY_RADIUS = 4.0
"""Radius of the corners of an empty part: that of the bar minus its line, pixels."""
SEPARATOR = "   ·   "


PART_STATES: Mapping[SecondsPart, DisplayState] = {
    "correct": "active", "wrong": "paused", "cant_tell": "unseen", "unchecked": "unchecked",
}  # fmt: skip
"""Kind of seconds -> the display state of a session that has the same meaning, and its colour."""


def summary_height(
    width: int,
    summary: Summary,
    phrases: Mapping[str, str],
    font_scale: float = 1.0,
    edge: float = PAGE_EDGE,
    emphasis: float = 1.0,
) -> int:
    """Height of the summary at a width, pixels.

    edge      space round it, pixels
    emphasis  how much larger than in a saved picture the results are: seconds, names of exercises
              and what to do next time
    """
    return _Sheet(None, width, phrases, LIGHT_PAGE, font_scale, edge, emphasis).page(summary)


def paint_summary(
    painter: QPainter,
    size: QSize,
    summary: Summary,
    phrases: Mapping[str, str],
    theme: ThemeChoice,
    font_scale: float = 1.0,
    edge: float = PAGE_EDGE,
    emphasis: float = 1.0,
) -> None:
    """Paint the summary from the top left corner. `summary_height` gives the height it needs."""
    chosen = page_colours(theme)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.fillRect(0, 0, size.width(), size.height(), QColor(chosen.ground))
    _Sheet(painter, size.width(), phrases, chosen, font_scale, edge, emphasis).page(summary)


def summary_picture(
    summary: Summary,
    phrases: Mapping[str, str],
    theme: ThemeChoice,
    font_scale: float = 1.0,
    width: int = PICTURE_WIDTH,
) -> QImage:
    """The summary as a picture to save, as tall as it needs."""
    height = summary_height(width, summary, phrases, font_scale)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        paint_summary(painter, image.size(), summary, phrases, theme, font_scale)
    return image


class _Sheet:
    """Writes a page from top to bottom. Every method takes the place of a part and returns its
    height, pixels. Without a painter nothing is painted, only measured."""

    def __init__(
        self,
        painter: QPainter | None,
        width: float,
        phrases: Mapping[str, str],
        chosen: PageColours,
        scale: float,
        edge: float,
        emphasis: float,
    ) -> None:
        self._painter, self._width, self._phrases = painter, width, phrases
        self._title_px, self._cue_px = 23 * emphasis, 20 * emphasis
        self._total_px, self._seconds_px = 19 * emphasis, 16 * emphasis
        self._colours, self._scale = chosen, scale
        states = (DARK_SCENE if chosen is DARK_PAGE else LIGHT_SCENE).states
        self._kinds = {part: QColor(*states[state]) for part, state in PART_STATES.items()}
        room = min(1.0, max(0.5, width / PICTURE_WIDTH))
        self._edge, self._pad = edge * room, CARD_PAD * room

    def page(self, summary: Summary) -> int:
        """The whole page; its height, pixels."""
        x, width = self._edge, self._width - 2 * self._edge
        y = self._edge
        y += self._text(x, y, width, summary.name, 20, self._colours.accent, True)
        y += 4
        y += self._text(x, y, width, summary.headline, 36, self._colours.text, True)
        y += CARD_GAP
        if part_words(summary, self._phrases):
            y += self._seconds(x, y, width, summary, self._total_px) + CARD_GAP
        for line in summary.lines:
            y += self._card(x, y, width, line) + CARD_GAP
        for note in summary.notes:
            y += self._text(x, y, width, note, TEXT_PX, self._colours.text) + 8
        y += self._text(x, y + 4, width, self._phrases["sum_disclaimer"], 15, self._colours.muted)
        return math.ceil(y + 4 + self._edge)

    # --- one exercise ---------------------------------------------------------------------------

    def _card(self, x: float, y: float, width: float, line: ExerciseSummary) -> float:
        painter, self._painter = self._painter, None
        height = self._inside(x, y, width, line)
        self._painter = painter
        if painter is not None:
            painter.setPen(QPen(QColor(self._colours.line), 1))
            painter.setBrush(QColor(self._colours.surface))
            painter.drawRoundedRect(QRectF(x, y, width, height), 14, 14)
            self._inside(x, y, width, line)
        return height

    def _inside(self, x: float, y: float, width: float, line: ExerciseSummary) -> float:
        """The words at the left, and the figure at the right or, in a narrow card, below."""
        pad = self._pad
        beside = line.worst is not None and width >= MIN_WIDTH_BESIDE * self._scale
        words = width - 2 * pad - (FIGURE_PX + 1.5 * pad if beside else 0)
        left = self._words(x + pad, y + pad, words, line)
        if line.worst is None:
            return left + 2 * pad
        if beside:
            right = self._figure(x + width - pad - FIGURE_PX, y + pad, FIGURE_PX, line.worst)
            return max(left, right) + 2 * pad
        below = self._figure(
            x + pad, y + pad + left + CARD_GAP, min(words, 1.6 * FIGURE_PX), line.worst
        )
        return left + CARD_GAP + below + 2 * pad

    def _words(self, x: float, y: float, width: float, line: ExerciseSummary) -> float:
        top, chosen = y, self._colours
        y += self._title(x, y, width, line)
        pills = [(line.note, True)] if line.note else []
        pills += [(self._phrases["sum_eased"], False)] if line.eased else []
        if pills:
            y += 10 + self._pills(x, y + 10, width, pills)
        y += 14
        if part_words(line, self._phrases):
            y += self._seconds(x, y, width, line, self._seconds_px)
        elif not line.note:
            y += self._text(x, y, width, self._phrases["sum_nothing"], TEXT_PX, chosen.muted)
        else:
            y -= 14
        facts = (form_words(line, self._phrases), reps_words(line, self._phrases))
        if any(facts):
            said = SEPARATOR.join(fact for fact in facts if fact)
            y += 10 + self._text(x, y + 10, width, said, TEXT_PX, chosen.text)
        if line.fault:
            y += 16
            cue = fault_words(line, self._phrases)
            y += self._text(x, y, width, cue, self._cue_px, chosen.text, True) + 4
            y += self._text(x, y, width, why_words(line, self._phrases), TEXT_PX, chosen.muted)
        return y - top

    def _title(self, x: float, y: float, width: float, line: ExerciseSummary) -> float:
        """The name, and the sides after it where they fit, otherwise below."""
        chosen = self._colours
        height = self._text(x, y, width, line.name, self._title_px, chosen.text, True)
        if not line.sides:
            return height
        name = QFontMetricsF(self._font(self._title_px, True))
        sides = QFontMetricsF(self._font(TEXT_PX))
        start = name.horizontalAdvance(line.name) + 14
        if start + sides.horizontalAdvance(line.sides) <= width:
            level = name.ascent() - sides.ascent()
            self._text(x + start, y + level, width - start, line.sides, TEXT_PX, chosen.muted)
            return height
        return height + 2 + self._text(x, y + height + 2, width, line.sides, TEXT_PX, chosen.muted)

    def _pills(self, x: float, y: float, width: float, pills: Sequence[tuple[str, bool]]) -> float:
        """Short texts on a coloured ground. Those that need attention have a border."""
        font = self._font(15, True)
        metrics = QFontMetricsF(font)
        height = metrics.height() + 10

        def draw(at: QPointF, pill: tuple[str, bool]) -> None:
            words, care = pill
            chosen, painter = self._colours, self._painter
            if painter is None:
                return
            box = QRectF(at.x(), at.y(), metrics.horizontalAdvance(words) + 24, height)
            painter.setPen(QPen(QColor(chosen.care_line), 1.2) if care else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(chosen.care if care else chosen.tint))
            painter.drawRoundedRect(box, height / 2, height / 2)
            painter.setFont(font)
            painter.setPen(QColor(chosen.on_care if care else chosen.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

        widths = [metrics.horizontalAdvance(words) + 24 for words, _ in pills]
        return _flow(x, y, width, widths, height, 10, lambda at, i: draw(at, pills[i]))

    # --- seconds --------------------------------------------------------------------------------

    def _seconds(
        self, x: float, y: float, width: float, of: ExerciseSummary | Summary, size: float
    ) -> float:
        """The bar, and below it the words of each kind of seconds beside its pattern."""
        words = part_words(of, self._phrases)
        if self._painter is not None:
            self._bar(
                QRectF(x, y, width, BAR_HEIGHT), {part: getattr(of, f"{part}_s") for part in words}
            )
        font = self._font(size)
        metrics = QFontMetricsF(font)
        mark = metrics.ascent()
        parts = list(words)

        def draw(at: QPointF, index: int) -> None:
            painter = self._painter
            if painter is None:
                return
            level = at.y() + (metrics.height() - mark) / 2
            self._fill(QRectF(at.x(), level, mark, mark), parts[index], 4)
            painter.setFont(font)
            painter.setPen(QColor(self._colours.text))
            painter.drawText(
                QPointF(at.x() + mark + 9, at.y() + metrics.ascent()), words[parts[index]]
            )

        widths = [mark + 9 + metrics.horizontalAdvance(text) for text in words.values()]
        below = y + BAR_HEIGHT + 10
        return BAR_HEIGHT + 10 + _flow(x, below, width, widths, metrics.height(), 28, draw)

    def _bar(self, box: QRectF, seconds: Mapping[SecondsPart, float]) -> None:
        """The shares of the kinds, with small gaps. No share is too thin to be seen."""
        painter = self._painter
        assert painter is not None
        gap, least = 3.0, 6.0
        room = box.width() - gap * (len(seconds) - 1)
        total = sum(seconds.values())
        widths = {part: max(least, room * lasted / total) for part, lasted in seconds.items()}
        widest = max(widths, key=lambda part: widths[part])
        widths[widest] -= sum(widths.values()) - room
        x = box.x()
        painter.save()
        clip = QPainterPath()
        clip.addRoundedRect(box, 7, 7)
        painter.setClipPath(clip)
        for part in SECONDS_PARTS:
            if part in widths:
                self._fill(QRectF(x, box.y(), widths[part], box.height()), part, 2)
                x += widths[part] + gap
        painter.restore()

    def _fill(self, box: QRectF, part: SecondsPart, radius: float) -> None:
        """Fill a box: full for correct, slanted stripes for wrong, dots for can't tell, an empty
        frame for unchecked."""
        painter = self._painter
        assert painter is not None
        colour, surface = self._kinds[part], QColor(self._colours.surface)
        painter.save()
        hollow = part == "unchecked"
        painter.setPen(QPen(colour, 2) if hollow else Qt.PenStyle.NoPen)
        painter.setBrush(surface if hollow else colour)
        if hollow:
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), EMPTY_RADIUS, EMPTY_RADIUS)
        else:
            painter.drawRoundedRect(box, radius, radius)
        painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
        if part == "wrong":
            surface.setAlpha(170)
            painter.setPen(QPen(surface, 2.4))
            painter.drawLines(_stripes(box, 8.0))
        elif part == "cant_tell":
            painter.setBrush(surface)
            for dot in _dots(box, 7.0):
                painter.drawEllipse(dot, 1.5, 1.5)
        painter.restore()

    # --- the worst moment -----------------------------------------------------------------------

    def _figure(self, x: float, y: float, width: float, worst: Worst) -> float:
        """A small skeleton with the wrong limb thick and ringed, and its value below."""
        chosen, centre = self._colours, Qt.AlignmentFlag.AlignHCenter
        title = self._phrases["sum_worst_title"]
        top = y
        box = QRectF(x, y, width, FIGURE_PX * 0.75)
        if self._painter is not None:
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(QColor(chosen.sunken))
            self._painter.drawRoundedRect(box, 12, 12)
            margin = box.width() * 0.09
            inside = box.adjusted(margin, margin, -margin, -margin)
            colours = QColor(chosen.edge), self._kinds["wrong"], QColor(chosen.surface)
            draw_small_skeleton(self._painter, inside, worst.pose, worst.lines, *colours)
        y += box.height() + 8
        y += self._text(x, y, width, title, 15, chosen.text, True, align=centre)
        if worst.words:
            y += 2 + self._text(x, y + 2, width, worst.words, 15, chosen.muted, align=centre)
        return y - top

    # --- words ----------------------------------------------------------------------------------

    def _font(self, size: float, bold: bool = False) -> QFont:
        return font_of(round(size * self._scale), bold)

    def _text(
        self,
        x: float,
        y: float,
        width: float,
        words: str,
        size: float,
        colour: str,
        bold: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> float:
        """Words in as many rows as they need."""
        words = re.sub(r"(?<=\d) ", "\u00a0", words)  # a number stays with its unit
        font = self._font(size, bold)
        flags = int(Qt.TextFlag.TextWordWrap.value) | int(align.value)
        box = QRectF(x, y, width, 1e5)
        height = QFontMetricsF(font).boundingRect(box, flags, words).height()
        if self._painter is not None:
            self._painter.setFont(font)
            self._painter.setPen(QColor(colour))
            self._painter.drawText(QRectF(x, y, width, height + 2), flags, words)
        return height


def _flow(
    x: float,
    y: float,
    width: float,
    widths: Sequence[float],
    height: float,
    gap: float,
    draw: Callable[[QPointF, int], None],
) -> float:
    """Place boxes side by side, and begin a new row where the width is used up.

    widths, height  of the boxes, pixels
    draw            called with the top left corner and the index of each box

    Returns the height of all rows, pixels.
    """
    across, down = 0.0, 0.0
    for index, wide in enumerate(widths):
        if across and across + wide > width:
            across, down = 0.0, down + height + 8
        draw(QPointF(x + across, y + down), index)
        across += wide + gap
    return down + height


def _stripes(box: QRectF, step: float) -> list[QLineF]:
    """Slanted lines across a box."""
    count = math.ceil((box.width() + box.height()) / step)
    starts = (box.left() - box.height() + step * (index + 0.5) for index in range(count))
    return [QLineF(x, box.bottom(), x + box.height(), box.top()) for x in starts]


def _dots(box: QRectF, step: float) -> list[QPointF]:
    """Points in a grid, far enough from the edge not to be cut."""
    rows, columns = int(box.height() // step), int(box.width() // step)
    left = box.left() + (box.width() - step * (columns - 1)) / 2
    top = box.top() + (box.height() - step * (rows - 1)) / 2
    return [QPointF(left + step * i, top + step * j) for j in range(rows) for i in range(columns)]
