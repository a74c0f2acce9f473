"""Where everything stands in a window: boxes, icons and laid out texts, before any is drawn.

From the top: a bar (state, exercise, side, set), the camera's picture and beside it (below it on a
tall window) the panel with ring and instruction picture, the cue over the whole width, and at the
foot the progress. It is a function of the size and the words alone, and is kept while those stay.
Sizes are pixels at 1600x1080 or more, and shrink with the window.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF

from posecheck.coach.scene import DisplayState, Option
from posecheck.ui.draw.panel import Panel
from posecheck.ui.draw.sheet import GAP, ROWS, Arrangement, Icon, Sheet, Words, theme_of
from posecheck.ui.draw.theme import Theme, ink_on

FRAME = 20.0
WORD, TITLE, SETS = 52.0, 54.0, 40.0
CUE, DETAIL, FOOT = 104.0, 46.0, 34.0
"""A cue is read from three metres: at least 100 pixels of a 1080 pixel high 14 inch screen."""
SEGMENT = 14.0
TALL, NARROW = 1.15, 1.5
"""Width for height below which the panel stands under the picture; below which bar and foot take
two rows."""
LONG = 110
"""Letters of cue and detail together, above which they are a text (what to do after pain)."""
AWAITING: tuple[DisplayState, ...] = ("lost", "ready")
"""Looks that keep the place of a picture that has not come yet."""
CHOOSING: tuple[DisplayState, ...] = ("pain", "halted")
"""Looks in which the options are what matters most."""


@lru_cache(maxsize=16)
def arrange(
    width: float, height: float, aspect: float, words: Words, theme: int, scale: float
) -> Arrangement:
    """The arrangement of a window.

    aspect  of the camera's picture, width / height; 0 when there is none
    theme   number of the theme, as `known` gave it
    scale   of the letters, 1 to 2
    """
    return _Page(width, height, aspect, words, theme_of(theme), scale).made()


class _Page(Sheet):
    """One arrangement in the making."""

    def __init__(
        self, width: float, height: float, aspect: float, words: Words, theme: Theme, scale: float
    ) -> None:
        tall = width < TALL * height
        unit = min(width / 1080, height / 1600) if tall else min(width / 1600, height / 1080)
        super().__init__(words, theme, unit, scale, FRAME)
        self.tall, self.narrow = tall, width < NARROW * height
        self.aspect = aspect
        edge = unit * (FRAME + GAP)
        self.room = QRectF(edge, edge, width - 2 * edge, height - 2 * edge)

    def made(self) -> Arrangement:
        gap = self.unit * GAP
        self._bar(gap)
        self._foot(gap)
        self._cue(gap)
        self._middle(gap)
        return self.page

    # --- pieces of the room ---------------------------------------------------------------------

    def _from_top(self, height: float, gap: float) -> QRectF:
        taken = QRectF(self.room.x(), self.room.y(), self.room.width(), height)
        self.room = self.room.adjusted(0, height + gap, 0, 0)
        return taken

    def _from_bottom(self, height: float, gap: float) -> QRectF:
        top = self.room.bottom() - height
        taken = QRectF(self.room.x(), top, self.room.width(), height)
        self.room = self.room.adjusted(0, 0, 0, -height - gap)
        return taken

    # --- bar ------------------------------------------------------------------------------------

    def _bar(self, gap: float) -> None:
        """State, exercise, side and set; in two rows where the window is narrow."""
        words, height = self.words, self.size * 90
        row = self._from_top(height, gap)
        state = self._state(row, 0.62 if self.narrow else 0.4)
        left = QRectF(state.right() + 1.5 * gap, row.y(), row.right() - state.right() - 1.5 * gap,
                      height)  # fmt: skip
        sets = min(self.width(words.sets, SETS), left.width() * (1.0 if self.narrow else 0.3))
        corner = QRectF(row.right() - sets, row.y(), sets, height)
        self.text(words.sets, corner, SETS, self.theme.muted, align="right", rows=2)
        if self.narrow:
            left = self._from_top(self.size * 70, gap) if words.title else QRectF()
        elif sets:
            left.setRight(corner.x() - 1.5 * gap)
        side = min(self.width(words.side, TITLE), 0.4 * left.width())
        free = left.width() - (side + 1.6 * gap if side else 0.0)
        title = QRectF(left.x(), left.y(), free, left.height())
        self.text(words.title, title, TITLE, self.theme.ink, bold=True, rows=2)
        if side and words.title:
            laid = self.page.texts[-1].rect
            box = QRectF(laid.right() + 1.6 * gap, left.y(), side, left.height())
            self.text(words.side, box, TITLE, self.theme.accent, rows=2)

    def _state(self, row: QRectF, share: float) -> QRectF:
        """Icon and word on the state's colour."""
        colour = self.theme.looks[self.words.display_state]
        ink, height = ink_on(colour), row.height()
        pad, icon = 0.32 * height, 0.52 * height
        word = min(self.width(self.words.word, WORD, True), share * row.width() - icon - 3 * pad)
        box = QRectF(row.x(), row.y(), word + icon + 3 * pad, height)
        self.card(box, colour)
        at = QRectF(box.x() + pad, box.center().y() - icon / 2, icon, icon)
        self.page.icons.append(Icon(self.words.display_state, at, ink))
        text = QRectF(at.right() + 0.8 * pad, box.y(), word + 0.1 * pad, height)
        self.text(self.words.word, text, WORD, ink, bold=True)
        return box

    # --- cue and foot ---------------------------------------------------------------------------

    def _cue(self, gap: float) -> None:
        """The one line, and the smaller one below it. Its room is there without words too and its
        height does not depend on them, so that the picture above stands still while lines come and
        go; only what must be read in full gets more."""
        long = len(self.words.cue) + len(self.words.detail) > LONG
        most, tall = (0.55, 420.0) if long else (0.3, 224.0)
        band = self._from_bottom(min(most * self.room.height(), self.size * tall), gap)
        self.card(band, self.theme.card)
        pad = 0.055 * min(band.height(), self.size * 224)
        inner = band.adjusted(1.4 * self.unit * GAP, pad, -1.4 * self.unit * GAP, -pad)
        words = self.words
        if words.detail:
            part = len(words.detail) / (len(words.detail) + len(words.cue))
            share = max(0.3, 0.8 * part if long else 0.0) if words.cue else 1.0
            lower = QRectF(inner)
            lower.setTop(inner.bottom() - share * inner.height())
            inner.setBottom(lower.top() - pad * 0.4)
            self.text(
                words.detail,
                lower,
                DETAIL * (1.25 if long else 1.0),
                self.theme.muted,
                align="centre",
                rows=ROWS,
            )
        if words.cue:
            self.text(words.cue, inner, CUE, self.theme.ink, bold=True, align="centre", rows=ROWS)

    def _foot(self, gap: float) -> None:
        """Progress through the session, what comes next, and the keys that matter."""
        words = self.words
        hints = words.options if words.display_state not in CHOOSING else ()
        if words.coming or hints or words.steps:
            two_rows = bool(hints) and self.narrow
            row = self._from_bottom(self.size * 50, (0.3 if two_rows else 0.8) * gap)
            keys, next_width = self._hints_width(hints, FOOT), self.width(words.coming, FOOT)
            left = 0.0 if self.narrow else min(next_width, 0.4 * row.width()) + gap
            shrink = min(1.0, (row.width() - left) / keys)
            if hints:
                self._hints(hints, row, FOOT * shrink)
            box = row.adjusted(0, 0, -(keys * shrink + gap if hints else 0.0), 0)
            if two_rows:
                box = self._from_bottom(self.size * 40, 0.8 * gap)
            self.text(words.coming, box, FOOT, self.theme.muted)
        if words.steps:
            self.page.steps = self._from_bottom(self.unit * SEGMENT, 0.8 * gap)

    def _hints_width(self, hints: tuple[Option, ...], size: float) -> float:
        pads = (2.4 * size * len(hints)) * self.size
        caps = (self._cap(option.key, size) for option in hints)
        return max(1.0, pads + sum(caps) + sum(self.width(o.words, size) for o in hints))

    def _cap(self, key: str, size: float) -> float:
        """Width of a key cap."""
        return max(1.3 * size * self.size, self.width(key, size * 0.85, True) + size * self.size)

    def _hints(self, hints: tuple[Option, ...], row: QRectF, size: float) -> None:
        """Key caps and words, from the right end of the row to the left."""
        x, px = row.right(), size * self.size
        for option in reversed(hints):
            words, cap = self.width(option.words, size), self._cap(option.key, size)
            x -= words
            self.text(option.words, QRectF(x, row.y(), words, row.height()), size,
                       self.theme.muted)  # fmt: skip
            x -= cap + 0.5 * px
            box = QRectF(x, row.center().y() - 0.72 * px, cap, 1.44 * px)
            self.key(option.key, box, size * 0.85)
            x -= 1.3 * px

    # --- middle ---------------------------------------------------------------------------------

    def _middle(self, gap: float) -> None:
        """The camera's picture and the panel share what is left."""
        words, room = self.words, self.room
        chosen = words.options if words.display_state in CHOOSING else ()
        full = bool(words.count or words.picture or words.seconds_by_verdict or chosen)
        if not self.aspect and full and words.display_state not in AWAITING:
            self._panel(room, chosen)
            return
        aspect = self.aspect or 16 / 9
        if not full:
            self.page.camera = room
            return
        least = 0.55 if chosen else 0.42 if self.narrow and not self.tall else 0.36
        if self.tall:
            height = min(room.width() / aspect, (1 - least) * room.height())
            self.page.camera = QRectF(room.x(), room.y(), room.width(), height)
            panel = room.adjusted(0, height + gap, 0, 0)
        else:
            width = min(room.height() * aspect, (1 - least) * room.width())
            self.page.camera = QRectF(room.x(), room.y(), width, room.height())
            panel = room.adjusted(width + gap, 0, 0, 0)
        self._panel(panel, chosen)

    def _panel(self, box: QRectF, chosen: tuple[Option, ...]) -> None:
        panel = Panel(self, box)
        if chosen:
            panel.choose(chosen)
        else:
            panel.show()
