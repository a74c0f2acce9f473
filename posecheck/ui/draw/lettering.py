"""Letters: how large a text may be in a box, where its lines stand, and the picture of a line.

Every text is laid out before it is drawn, so that it can be shown to fit: it becomes smaller or
takes a second line, and is never cut. A line is rendered once and kept as a small picture, because
large letters are slow to draw (230 px digits and a 100 px line: 2.7 ms; from pictures 0.3 ms).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QImage, QPainter

from posecheck.ui.draw.theme import Colour

Align = Literal["left", "centre", "right"]

PITCH, PITCH_TEXT = 1.06, 1.28
"""From one line to the next, in sizes of the letters. Two lines of a cue are close, so that they
are large, but descenders do not touch the capitals below; three and more are a text to read."""
RISE, FALL = 0.77, 0.24
"""How far letters reach above and below the line they stand on, in sizes (DejaVu Sans, which is
among the tallest)."""
SHRINK = 0.95
"""The next smaller size to try."""
ONE_LINE = 0.8
"""One line may be so much smaller before two lines are taken."""
LEAST_PX = 6


@dataclass(frozen=True, slots=True, eq=False)
class Lettering:
    """One text, laid out.

    lines  the text and the place of each line: left end and base line
    box    where it must stay; `rect` where its letters are
    """

    lines: tuple[tuple[str, QPointF], ...]
    px: int
    bold: bool
    colour: Colour
    box: QRectF
    rect: QRectF


@lru_cache(maxsize=64)
def font(px: int, bold: bool) -> QFont:
    """The one typeface: the system's own. Hinting would make the width of a text jump with its
    size."""
    made = QFont(QGuiApplication.font())
    made.setPixelSize(max(1, px))
    made.setBold(bold)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@lru_cache(maxsize=2048)
def advance(text: str, px: int, bold: bool) -> float:
    """Width of a text, pixels; what sticks out beyond its last letter is in it."""
    metrics = QFontMetricsF(font(px, bold))
    return max(metrics.horizontalAdvance(text), metrics.boundingRect(text).right())


@lru_cache(maxsize=64)
def cap_height(px: int) -> float:
    """Height of a bold digit, pixels."""
    return QFontMetricsF(font(px, True)).capHeight()


def height_of(px: float, lines: int = 1) -> float:
    """Height of some lines of text from the top of the first to the bottom of the last."""
    return px * (RISE + FALL + pitch(lines) * (lines - 1))


def pitch(lines: int) -> float:
    """From one of so many lines to the next, in sizes of the letters."""
    return PITCH if lines < 3 else PITCH_TEXT


@lru_cache(maxsize=512)
def fitted(
    text: str, px: int, bold: bool, width: float, height: float, rows: int
) -> tuple[int, tuple[str, ...]]:
    """The size, at most `px`, and the lines, at most `rows`, in which a text fits: as few lines as
    it takes to be nearly as large as wished, else those in which it is largest."""
    best: tuple[int, tuple[str, ...]] = (0, (text,))
    for count in range(1 + text.count("\n"), rows + 1):
        made = _largest(text, px, bold, width, height, count)
        if made[0] > best[0]:
            best = made
        if best[0] >= ONE_LINE * px:
            break
    return best


def _largest(
    text: str, px: int, bold: bool, width: float, height: float, count: int
) -> tuple[int, tuple[str, ...]]:
    """The largest size for a number of lines."""
    size = min(px, math.floor(height / height_of(1.0, count)))
    while size > LEAST_PX:
        lines = split(text, size, bold, count)
        if max(advance(line, size, bold) for line in lines) <= width:
            return size, lines
        size = min(size - 1, math.floor(size * SHRINK))
    return LEAST_PX, split(text, LEAST_PX, bold, count)


@lru_cache(maxsize=256)
def split(text: str, px: int, bold: bool, count: int = 2) -> tuple[str, ...]:
    """At most `count` lines, as equally long as the words allow; where the text itself breaks, it
    is broken there."""
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
    """Lines that are filled with words up to a width, one word at least in each."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and advance(longer, px, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def letter(
    text: str, box: QRectF, px: float, colour: Colour, *,
    bold: bool = False, align: Align = "left", rows: int = 1,
) -> Lettering:  # fmt: skip
    """A text in a box, at most `px` large, in the middle of its height."""
    size, lines = fitted(text, max(LEAST_PX, round(px)), bold, box.width(), box.height(), rows)
    height = height_of(size, len(lines))
    base = box.center().y() - height / 2 + RISE * size
    placed, rect = [], QRectF()
    for row, line in enumerate(lines):
        width = advance(line, size, bold)
        free = {"left": 0.0, "centre": 0.5, "right": 1.0}[align] * (box.width() - width)
        at = QPointF(box.x() + free, base + row * pitch(len(lines)) * size)
        placed.append((line, at))
        rect |= QRectF(at.x(), at.y() - RISE * size, width, (RISE + FALL) * size)
    return Lettering(tuple(placed), size, bold, colour, box, rect)


def letter_digits(text: str, centre: QPointF, radius: float, drop: float, colour: Colour) -> (
    Lettering
):  # fmt: skip
    """A number as large as it fits a circle, raised by `drop` pixels to leave room below it. One
    digit is as large as two, so that the size stands still while seconds run."""
    measured = "0" * max(2, len(text))
    size = max(LEAST_PX, math.floor(radius * 1.3))
    while size > LEAST_PX:
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
def _picture(text: str, px: int, bold: bool, colour: Colour, ratio: float) -> QImage:
    """A line of text as a small picture; its base line is `px` below the top and its left end
    px / 8 from the left (some letters stick out)."""
    width, height = advance(text, px, bold) + px / 4, px * 1.4
    image = QImage(
        math.ceil(width * ratio), math.ceil(height * ratio),
        QImage.Format.Format_ARGB32_Premultiplied,
    )  # fmt: skip
    image.fill(Qt.GlobalColor.transparent)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font(px, bold))
    painter.setPen(QColor(*colour))
    painter.drawText(QPointF(px / 8, float(px)), text)
    painter.end()
    return image


def write(painter: QPainter, lettering: Lettering) -> None:
    """Draw a text where it was laid out."""
    px, ratio = lettering.px, painter.device().devicePixelRatioF()
    for line, at in lettering.lines:
        picture = _picture(line, px, lettering.bold, lettering.colour, ratio)
        # On whole pixels, or the letters would be blurred.
        painter.drawImage(QPointF(round(at.x() - px / 8), round(at.y() - px)), picture)
