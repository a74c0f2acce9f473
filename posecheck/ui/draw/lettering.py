"""Lays out and draws texts.

Every text is laid out before it is drawn, so that a test can show that it fits: it becomes smaller
or takes another line, and is never cut. Each line is rendered once and cached as a small picture,
because large letters are slow to draw (230 px digits and a 100 px line: 2.7 ms; from the cache
0.3 ms).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QImage, QPainter

from posecheck.ui.draw.theme import Rgb

Align = Literal["left", "centre", "right"]

CUE_PITCH, TEXT_PITCH = 1.06, 1.28
"""Distance of two lines, in letter sizes. The two lines of a cue are close, so that they can be
large, but descenders do not touch the capitals below. Three and more lines are a text to read."""
ASCENT, DESCENT = 0.77, 0.24
"""How far letters reach above and below their base line, in letter sizes (of DejaVu Sans, which is
among the tallest fonts)."""
SHRINK_STEP = 0.95
"""Factor from one size to the next smaller one to try."""
MIN_ONE_LINE = 0.8
"""One line is preferred to two while its letters are at least this share of the wanted size."""
MIN_LETTER_PX = 6
"""The smallest letters, pixels: what does not fit with them is drawn too large rather than cut."""


@dataclass(frozen=True, slots=True, eq=False)
class Lettering:
    """One text, laid out.

    lines   the text of each line, and the left end of its base line
    px      size of the letters
    box     where the text must stay
    rect    where its letters are
    """

    lines: tuple[tuple[str, QPointF], ...]
    px: int
    bold: bool
    colour: Rgb
    box: QRectF
    rect: QRectF


@lru_cache(maxsize=64)
def font(px: int, bold: bool) -> QFont:
    """The system's own font at a size, without hinting: that would make the width of a text jump
    when its size changes."""
    made = QFont(QGuiApplication.font())
    made.setPixelSize(max(1, px))
    made.setBold(bold)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@lru_cache(maxsize=2048)
def advance(text: str, px: int, bold: bool) -> float:
    """Width of a text, pixels, including what sticks out beyond its last letter."""
    metrics = QFontMetricsF(font(px, bold))
    return max(metrics.horizontalAdvance(text), metrics.boundingRect(text).right())


@lru_cache(maxsize=64)
def cap_height(px: int) -> float:
    """Height of a bold digit, pixels."""
    return QFontMetricsF(font(px, True)).capHeight()


def height_of(px: float, lines: int = 1) -> float:
    """Height of a text of `lines` lines, pixels, from the top of the first to the bottom of the
    last."""
    return px * (ASCENT + DESCENT + pitch(lines) * (lines - 1))


def pitch(lines: int) -> float:
    """Distance of two lines in a text of `lines` lines, in letter sizes."""
    return CUE_PITCH if lines < 3 else TEXT_PITCH


@lru_cache(maxsize=512)
def fitted(
    text: str, px: int, bold: bool, width: float, height: float, rows: int
) -> tuple[int, tuple[str, ...]]:
    """The size and the lines in which a text fits: the fewest lines with which it is nearly as
    large as wanted, or else those with which it is largest.

    px             wanted size
    width, height  of the box, pixels
    rows           maximum number of lines
    """
    best: tuple[int, tuple[str, ...]] = (0, (text,))
    for count in range(1 + text.count("\n"), rows + 1):
        made = _largest(text, px, bold, width, height, count)
        if made[0] > best[0]:
            best = made
        if best[0] >= MIN_ONE_LINE * px:
            break
    return best


def _largest(
    text: str, px: int, bold: bool, width: float, height: float, count: int
) -> tuple[int, tuple[str, ...]]:
    """The largest size, at most `px`, with which a text fits in `count` lines, and the lines."""
    size = min(px, math.floor(height / height_of(1.0, count)))
    while size > MIN_LETTER_PX:
        lines = split(text, size, bold, count)
        if max(advance(line, size, bold) for line in lines) <= width:
            return size, lines
        size = min(size - 1, math.floor(size * SHRINK_STEP))
    return MIN_LETTER_PX, split(text, MIN_LETTER_PX, bold, count)


@lru_cache(maxsize=256)
def split(text: str, px: int, bold: bool, count: int = 2) -> tuple[str, ...]:
    """Break a text into at most `count` lines, as equally long as its words allow. A text with line
    breaks of its own is broken there."""
    if "\n" in text:
        return tuple(text.split("\n"))
    words = text.split()
    if count == 1 or len(words) < 2:
        return (text,)
    if count == 2:
        pairs = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
        return min(pairs, key=lambda pair: max(advance(line, px, bold) for line in pair))
    width = advance(text, px, bold) / count
    lines = _filled(words, px, bold, width)
    while len(lines) > count:
        width *= 1.04
        lines = _filled(words, px, bold, width)
    return lines


def _filled(words: list[str], px: int, bold: bool, width: float) -> tuple[str, ...]:
    """Fill lines with words up to a width, at least one word in each."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and advance(longer, px, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def letter(
    text: str, box: QRectF, px: float, colour: Rgb, *,
    bold: bool = False, align: Align = "left", rows: int = 1,
) -> Lettering:  # fmt: skip
    """Lay out a text in the middle of a box's height.

    px    maximum size of the letters
    rows  maximum number of lines
    """
    size, lines = fitted(text, max(MIN_LETTER_PX, round(px)), bold, box.width(), box.height(), rows)
    height = height_of(size, len(lines))
    base = box.center().y() - height / 2 + ASCENT * size
    placed, rect = [], QRectF()
    for row, line in enumerate(lines):
        width = advance(line, size, bold)
        free = {"left": 0.0, "centre": 0.5, "right": 1.0}[align] * (box.width() - width)
        at = QPointF(box.x() + free, base + row * pitch(len(lines)) * size)
        placed.append((line, at))
        rect |= QRectF(at.x(), at.y() - ASCENT * size, width, (ASCENT + DESCENT) * size)
    return Lettering(tuple(placed), size, bold, colour, box, rect)


def letter_digits(text: str, centre: QPointF, radius: float, drop: float, colour: Rgb) -> (
    Lettering
):  # fmt: skip
    """Lay out a number as large as a circle allows, raised by `drop` pixels to leave room below it.
    One digit is as large as two, so that the size does not change while seconds run."""
    measured = "0" * max(2, len(text))
    size = max(MIN_LETTER_PX, math.floor(radius * 1.3))
    while size > MIN_LETTER_PX:
        half, reach = advance(measured, size, True) / 2, cap_height(size) / 2 + drop
        if math.hypot(max(half, advance(text, size, True) / 2), reach) <= radius:
            break
        size -= max(1, size // 50)
    width, cap = advance(text, size, True), cap_height(size)
    left, base = centre.x() - width / 2, centre.y() - drop + cap / 2
    box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
    line = (text, QPointF(left, base))
    return Lettering((line,), size, True, colour, box, QRectF(left, base - cap, width, cap))


@lru_cache(maxsize=96)
def _picture(text: str, px: int, bold: bool, colour: Rgb, ratio: float) -> QImage:
    """A line of text as a small picture. The base line is `px` below the top. The text begins
    px / 8 from the left, because some letters stick out."""
    width, height = advance(text, px, bold) + px / 4, px * 1.4
    image = QImage(
        math.ceil(width * ratio), math.ceil(height * ratio),
        QImage.Format.Format_ARGB32_Premultiplied,
    )  # fmt: skip
    image.fill(Qt.GlobalColor.transparent)
    image.setDevicePixelRatio(ratio)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(px, bold))
        painter.setPen(QColor(*colour))
        painter.drawText(QPointF(px / 8, float(px)), text)
    return image


def write(painter: QPainter, lettering: Lettering) -> None:
    """Draw a text that was laid out."""
    px, ratio = lettering.px, painter.device().devicePixelRatioF()
    for line, at in lettering.lines:
        picture = _picture(line, px, lettering.bold, lettering.colour, ratio)
        # On whole pixels: elsewhere the letters would be blurred.
        painter.drawImage(QPointF(round(at.x() - px / 8), round(at.y() - px)), picture)
