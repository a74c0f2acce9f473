"""The arrangement of a film: the picture fills the surface, the rest lies on it at the edges.

State and side at the top left, the number at the top right, cue and exercise on a dark band at the
bottom; the middle stays free. Sizes are pixels of a picture 480 high, and grow with it.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF

from posecheck.ui.draw.lettering import advance, cap_height, height_of, letter
from posecheck.ui.draw.sheet import ROWS, Arrangement, Card, Icon, Words, theme_of
from posecheck.ui.draw.theme import BLACK, WHITE, ink_on

FRAME, PAD, RADIUS = 8.0, 8.0, 9.0
STATE, COUNT, CUE, SMALL = 27.0, 58.0, 35.0, 20.0
MOST = 0.42
"""Share of the picture that the band may take."""
SHADE = 190
"""How dark the grounds on the picture are: letters are read even over a white wall (contrast 8.8,
of the fainter ones 6.4)."""
FAINT = (214, 220, 230)


@lru_cache(maxsize=16)
def arrange_bare(
    width: float, height: float, words: Words, theme: int, scale: float
) -> Arrangement:  # fmt: skip
    """The arrangement of a film of a size; `theme` is a number as `known` gave it."""
    unit = max(0.4, min(width, height) / 480)
    page = Arrangement(unit * FRAME, unit, camera=QRectF(0, 0, width, height))
    edge, size = unit * (FRAME + PAD), unit * scale
    inner = QRectF(edge, edge, width - 2 * edge, height - 2 * edge)
    state = _state(page, words, theme, inner, size)
    count = _count(page, words, inner, size)
    foot = _foot(page, words, width, height, size)
    top = max(state.bottom(), count.bottom() if count.right() > inner.center().x() else 0.0)
    page.room = QRectF(edge, top + unit * PAD, inner.width(), foot - top - 2 * unit * PAD)
    return page


def _state(page: Arrangement, words: Words, theme: int, inner: QRectF, size: float) -> QRectF:
    colour = theme_of(theme).looks[words.display_state]
    ink, height, icon, pad = ink_on(colour), size * 44, size * 24, size * 11
    text = min(
        advance(words.word, max(1, round(STATE * size)), True) + 1,
        0.54 * inner.width() - icon - 3 * pad,
    )
    box = QRectF(inner.x(), inner.y(), text + icon + 3 * pad, height)
    page.cards.append(Card(box, page.unit * RADIUS, colour))
    at = QRectF(box.x() + pad, box.center().y() - icon / 2, icon, icon)
    page.icons.append(Icon(words.display_state, at, ink))
    line = QRectF(at.right() + pad, box.y(), text, height)
    page.texts.append(letter(words.word, line, STATE * size, ink, bold=True))
    return box


def _count(page: Arrangement, words: Words, inner: QRectF, size: float) -> QRectF:
    """The number on a dark ground, its unit beside it on the same line."""
    if not words.count:
        return QRectF()
    px, small, pad = max(1, round(COUNT * size)), max(1, round(SMALL * size)), size * 11
    number, unit = advance(words.count, px, True) + 1, advance(words.unit, small, False) + 1
    unit = unit + pad * 0.6 if words.unit else 0.0
    most = 0.42 * inner.width() - 2 * pad
    shrink = min(1.0, most / (number + unit))
    number, unit = number * shrink, unit * shrink
    box = QRectF(0, inner.y(), number + unit + 2 * pad, size * 66)
    box.moveRight(inner.right())
    page.cards.append(Card(box, page.unit * RADIUS, BLACK, alpha=SHADE))
    left = QRectF(box.x() + pad, box.y(), number, box.height())
    page.texts.append(letter(words.count, left, COUNT * size, WHITE, bold=True))
    if words.unit:
        base = page.texts[-1].lines[0][1].y()
        line = QRectF(left.right() + pad * 0.6 * shrink, 0, unit - pad * 0.6 * shrink,
                      height_of(small) + 1)  # fmt: skip
        line.moveBottom(min(box.bottom(), base + 0.3 * small + 0.1 * cap_height(small)))
        page.texts.append(letter(words.unit, line, SMALL * size, FAINT))
    return box


def _foot(page: Arrangement, words: Words, width: float, height: float, size: float) -> float:
    """Cue, detail and exercise on a band over the whole width; where it begins."""
    about = " · ".join(part for part in (words.title, words.side, words.sets) if part)
    rows = [
        (text, px, bold)
        for text, px, bold in (
            (words.cue, CUE, True),
            (words.detail, SMALL, False),
            (about, SMALL, False),
        )
        if text
    ]
    if not rows:
        return height - page.frame
    edge = page.unit * (FRAME + PAD)
    room = QRectF(edge, 0, width - 2 * edge, height)
    part = 1.0
    tall = [_height(text, room, px * size, bold) for text, px, bold in rows]
    while sum(tall) > MOST * height and part > 0.2:
        part *= 0.94
        tall = [_height(text, room, px * size * part, bold) for text, px, bold in rows]
    y = height - page.frame - 0.5 * page.unit * PAD - sum(tall)
    band = QRectF(page.frame, y - page.unit * PAD, width - 2 * page.frame, 0)
    band.setBottom(height - page.frame)
    page.cards.append(Card(band, 0.0, BLACK, alpha=SHADE))
    for (text, px, bold), high in zip(rows, tall, strict=True):
        box, ink = QRectF(edge, y, room.width(), high), WHITE if bold else FAINT
        made = letter(
            text, box, px * size * part, ink, bold=bold, align="centre", rows=ROWS
        )  # fmt: skip
        page.texts.append(made)
        y += high
    return band.top()


def _height(text: str, room: QRectF, px: float, bold: bool) -> float:
    """What a text takes when its size is not to shrink much, with a little air below it."""
    made = letter(text, room, px, WHITE, bold=bold, rows=ROWS)
    return height_of(made.px, len(made.lines)) + 0.3 * px
