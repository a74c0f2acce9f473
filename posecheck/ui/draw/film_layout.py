"""The arrangement of an annotated video: the picture fills the surface, everything else is drawn on
its edges.

The state is at the top left, the count at the top right, cue and exercise on a dark band at the
bottom; the middle stays free. Sizes are pixels of a picture with 480 lines, and grow with it.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF

from posecheck.ui.draw.lettering import advance, cap_height, height_of, letter
from posecheck.ui.draw.sheet import MAX_TEXT_LINES, Arrangement, Icon, RoundedBox, Words, colours_of
from posecheck.ui.draw.theme import BLACK, WHITE, ink_on

FILM_FRAME, FILM_PAD, FILM_RADIUS = 8.0, 8.0, 9.0
STATE_PX, COUNT_PX, FILM_CUE_PX, FILM_SMALL_PX = 27.0, 58.0, 35.0, 20.0
MAX_BAND_SHARE = 0.42
"""Maximum height of the band, as a share of the picture's height."""
BAND_ALPHA = 190
"""Opacity of the dark grounds, 0 to 255: letters can be read even over a white wall (contrast 8.8,
muted ones 6.4)."""
MUTED_ON_BAND = (214, 220, 230)


@lru_cache(maxsize=16)
def arrange_film(
    width: float, height: float, words: Words, colours: int, scale: float
) -> Arrangement:  # fmt: skip
    """The arrangement of a video of a size; `colours` is a number that `number_of` gave."""
    unit = max(0.4, min(width, height) / 480)
    page = Arrangement(unit * FILM_FRAME, unit, camera=QRectF(0, 0, width, height))
    edge, size = unit * (FILM_FRAME + FILM_PAD), unit * scale
    inner = QRectF(edge, edge, width - 2 * edge, height - 2 * edge)
    state = _state(page, words, colours, inner, size)
    count = _count(page, words, inner, size)
    foot = _foot(page, words, width, height, size)
    top = max(state.bottom(), count.bottom() if count.right() > inner.center().x() else 0.0)
    page.room = QRectF(edge, top + unit * FILM_PAD, inner.width(), foot - top - 2 * unit * FILM_PAD)
    return page


def _state(page: Arrangement, words: Words, colours: int, inner: QRectF, size: float) -> QRectF:
    """Icon and word on the colour of the state; its box."""
    colour = colours_of(colours).states[words.display_state]
    ink, height, icon, pad = ink_on(colour), size * 44, size * 24, size * 11
    text = min(
        advance(words.word, max(1, round(STATE_PX * size)), True) + 1,
        0.54 * inner.width() - icon - 3 * pad,
    )
    box = QRectF(inner.x(), inner.y(), text + icon + 3 * pad, height)
    page.boxes.append(RoundedBox(box, page.unit * FILM_RADIUS, colour))
    at = QRectF(box.x() + pad, box.center().y() - icon / 2, icon, icon)
    page.icons.append(Icon(words.display_state, at, ink))
    line = QRectF(at.right() + pad, box.y(), text, height)
    page.texts.append(letter(words.word, line, STATE_PX * size, ink, bold=True))
    return box


def _count(page: Arrangement, words: Words, inner: QRectF, size: float) -> QRectF:
    """The count on a dark ground, its unit beside it on the same base line; its box."""
    if not words.count:
        return QRectF()
    px, small, pad = max(1, round(COUNT_PX * size)), max(1, round(FILM_SMALL_PX * size)), size * 11
    number, unit = advance(words.count, px, True) + 1, advance(words.unit, small, False) + 1
    unit = unit + pad * 0.6 if words.unit else 0.0
    most = 0.42 * inner.width() - 2 * pad
    shrink = min(1.0, most / (number + unit))
    number, unit = number * shrink, unit * shrink
    box = QRectF(0, inner.y(), number + unit + 2 * pad, size * 66)
    box.moveRight(inner.right())
    page.boxes.append(RoundedBox(box, page.unit * FILM_RADIUS, BLACK, alpha=BAND_ALPHA))
    left = QRectF(box.x() + pad, box.y(), number, box.height())
    page.texts.append(letter(words.count, left, COUNT_PX * size, WHITE, bold=True))
    if words.unit:
        base = page.texts[-1].lines[0][1].y()
        line = QRectF(left.right() + pad * 0.6 * shrink, 0, unit - pad * 0.6 * shrink,
                      height_of(small) + 1)  # fmt: skip
        line.moveBottom(min(box.bottom(), base + 0.3 * small + 0.1 * cap_height(small)))
        page.texts.append(letter(words.unit, line, FILM_SMALL_PX * size, MUTED_ON_BAND))
    return box


def _foot(page: Arrangement, words: Words, width: float, height: float, size: float) -> float:
    """Cue, detail and exercise on a band over the whole width; the top of the band."""
    about = " · ".join(part for part in (words.title, words.side, words.sets) if part)
    rows = [
        (text, px, bold)
        for text, px, bold in (
            (words.cue, FILM_CUE_PX, True),
            (words.detail, FILM_SMALL_PX, False),
            (about, FILM_SMALL_PX, False),
        )
        if text
    ]
    if not rows:
        return height - page.frame
    edge = page.unit * (FILM_FRAME + FILM_PAD)
    room = QRectF(edge, 0, width - 2 * edge, height)
    part = 1.0
    tall = [_height(text, room, px * size, bold) for text, px, bold in rows]
    while sum(tall) > MAX_BAND_SHARE * height and part > 0.2:
        part *= 0.94
        tall = [_height(text, room, px * size * part, bold) for text, px, bold in rows]
    y = height - page.frame - 0.5 * page.unit * FILM_PAD - sum(tall)
    band = QRectF(page.frame, y - page.unit * FILM_PAD, width - 2 * page.frame, 0)
    band.setBottom(height - page.frame)
    page.boxes.append(RoundedBox(band, 0.0, BLACK, alpha=BAND_ALPHA))
    for (text, px, bold), high in zip(rows, tall, strict=True):
        box, ink = QRectF(edge, y, room.width(), high), WHITE if bold else MUTED_ON_BAND
        made = letter(
            text, box, px * size * part, ink, bold=bold, align="centre", rows=MAX_TEXT_LINES
        )  # fmt: skip
        page.texts.append(made)
        y += high
    return band.top()


def _height(text: str, room: QRectF, px: float, bold: bool) -> float:
    """Height of a text whose letters keep their size or nearly so, with a little space below it."""
    made = letter(text, room, px, WHITE, bold=bold, rows=MAX_TEXT_LINES)
    return height_of(made.px, len(made.lines)) + 0.3 * px
