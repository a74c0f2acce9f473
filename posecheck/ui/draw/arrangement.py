"""The arrangement of a window: boxes, icons and laid out texts, before anything is drawn.

From the top: a bar (state, exercise, side, set), the camera's picture and beside it (below it on a
tall window) the panel with ring and instruction picture, the cue over the whole width, and at the
foot the progress. It depends only on the size and the words, and is cached while those stay. Sizes
are pixels of the design, a window of 1600x1080; they change in proportion to the window.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF

from posecheck.coach.scene import DisplayState, Option
from posecheck.ui.draw.panel import Panel
from posecheck.ui.draw.sheet import GAP, MAX_TEXT_LINES, Arrangement, Icon, Sheet, Words, colours_of
from posecheck.ui.draw.theme import SceneColours, ink_on

FRAME_PX = 20.0
WORD_PX, TITLE_PX, SETS_PX = 56.0, 56.0, 56.0
CUE_PX, DETAIL_PX, FOOT_PX, HINT_PX = 104.0, 64.0, 56.0, 36.0
"""Sizes of letters. A cue must be readable from three metres: at least 100 pixels on a 14 inch
screen with 1080 lines. Everything else is read from the mat, 2.5 metres away, once one looks at it:
at least 56 pixels, which are 9 mm there, or 12 minutes of arc (ISO 9241-303 asks for 10 for
letters that need not be read quickly). The hints are for images: in a window they are buttons."""
FOOT_HEIGHT, CUE_HEIGHT = 64.0, 236.0
"""Of the row at the foot, and of the band with the cue."""
STEPS_HEIGHT = 14.0
"""Of the row of segments, one for each set."""
TALL_ASPECT, NARROW_ASPECT = 1.15, 1.5
"""Width / height of a window below which the panel is placed under the picture, and below which bar
and foot take two rows."""
LONG_TEXT = 110
"""Number of letters of cue and detail together from which on they are a text to read, for example
what to do after pain."""
STATES_AWAITING_PICTURE: tuple[DisplayState, ...] = ("lost", "ready")
"""States in which the place of the camera's picture is kept free until it arrives."""
STATES_WITH_ANSWERS: tuple[DisplayState, ...] = ("pain", "halted")
"""States in which the options matter most, and are shown large in the panel."""


@lru_cache(maxsize=16)
def arrange(
    width: float, height: float, aspect: float, words: Words, colours: int, scale: float
) -> Arrangement:
    """The arrangement of a window.

    aspect   of the camera's picture, width / height; 0 when there is none
    colours  number of the colours, as `number_of` gave it
    scale    of the letters, 1 to 2
    """
    return _Page(width, height, aspect, words, colours_of(colours), scale).made()


class _Page(Sheet):
    """The arrangement of a window while it is made. `room` is the part that is still free."""

    def __init__(
        self,
        width: float,
        height: float,
        aspect: float,
        words: Words,
        colours: SceneColours,
        scale: float,
    ) -> None:
        tall = width < TALL_ASPECT * height
        unit = min(width / 1080, height / 1600) if tall else min(width / 1600, height / 1080)
        super().__init__(words, colours, unit, scale, FRAME_PX)
        self.tall, self.narrow = tall, width < NARROW_ASPECT * height
        self.aspect = aspect
        edge = unit * (FRAME_PX + GAP)
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
        sets = min(self.width(words.sets, SETS_PX), left.width() * (1.0 if self.narrow else 0.3))
        corner = QRectF(row.right() - sets, row.y(), sets, height)
        self.text(words.sets, corner, SETS_PX, self.colours.muted, align="right", rows=2)
        if self.narrow:
            left = self._from_top(self.size * 70, gap) if words.title else QRectF()
        elif sets:
            left.setRight(corner.x() - 1.5 * gap)
        side = min(self.width(words.side, TITLE_PX), 0.4 * left.width())
        free = left.width() - (side + 1.6 * gap if side else 0.0)
        title = QRectF(left.x(), left.y(), free, left.height())
        self.text(words.title, title, TITLE_PX, self.colours.ink, bold=True, rows=2)
        if side and words.title:
            laid = self.page.texts[-1].rect
            box = QRectF(laid.right() + 1.6 * gap, left.y(), side, left.height())
            self.text(words.side, box, TITLE_PX, self.colours.accent, rows=2)

    def _state(self, row: QRectF, share: float) -> QRectF:
        """Icon and word on the colour of the state; its box."""
        colour = self.colours.states[self.words.display_state]
        ink, height = ink_on(colour), row.height()
        pad, icon = 0.32 * height, 0.52 * height
        word = min(self.width(self.words.word, WORD_PX, True), share * row.width() - icon - 3 * pad)
        box = QRectF(row.x(), row.y(), word + icon + 3 * pad, height)
        self.box(box, colour)
        at = QRectF(box.x() + pad, box.center().y() - icon / 2, icon, icon)
        self.page.icons.append(Icon(self.words.display_state, at, ink))
        text = QRectF(at.right() + 0.8 * pad, box.y(), word + 0.1 * pad, height)
        self.text(self.words.word, text, WORD_PX, ink, bold=True)
        return box

    # --- cue and foot ---------------------------------------------------------------------------

    def _cue(self, gap: float) -> None:
        """The cue, and the smaller detail below it. Their band is there without words too, and its
        height does not depend on them, so that the picture above does not move while cues come and
        go. Only a long text gets a taller band."""
        long = len(self.words.cue) + len(self.words.detail) > LONG_TEXT
        most, tall = (0.55, 420.0) if long else (0.3, CUE_HEIGHT)
        band = self._from_bottom(min(most * self.room.height(), self.size * tall), gap)
        self.box(band, self.colours.card)
        pad = 0.05 * min(band.height(), self.size * CUE_HEIGHT)
        inner = band.adjusted(1.4 * self.unit * GAP, pad, -1.4 * self.unit * GAP, -pad)
        words = self.words
        if words.detail:
            part = len(words.detail) / (len(words.detail) + len(words.cue))
            share = max(0.38, 0.8 * part if long else 0.0) if words.cue else 1.0
            lower = QRectF(inner)
            lower.setTop(inner.bottom() - share * inner.height())
            inner.setBottom(lower.top() - pad * 0.4)
            self.text(
                words.detail,
                lower,
                DETAIL_PX * (1.25 if long else 1.0),
                self.colours.muted,
                align="centre",
                rows=MAX_TEXT_LINES,
            )
        if words.cue:
            self.text(
                words.cue,
                inner,
                CUE_PX,
                self.colours.ink,
                bold=True,
                align="centre",
                rows=MAX_TEXT_LINES,
            )

    def _foot(self, gap: float) -> None:
        """Progress of the session, what comes next, and the keys to press."""
        words = self.words
        hints = words.options if words.display_state not in STATES_WITH_ANSWERS else ()
        if words.coming or hints or words.steps:
            two_rows = bool(hints) and self.narrow
            row = self._from_bottom(self.size * FOOT_HEIGHT, (0.3 if two_rows else 0.8) * gap)
            keys, next_width = self._hints_width(hints, HINT_PX), self.width(words.coming, FOOT_PX)
            left = 0.0 if self.narrow else min(next_width, 0.4 * row.width()) + gap
            shrink = min(1.0, (row.width() - left) / keys)
            if hints:
                self._hints(hints, row, HINT_PX * shrink)
            box = row.adjusted(0, 0, -(keys * shrink + gap if hints else 0.0), 0)
            if two_rows:
                box = self._from_bottom(self.size * FOOT_HEIGHT, 0.8 * gap)
            self.text(words.coming, box, FOOT_PX, self.colours.muted)
        if words.steps:
            self.page.steps = self._from_bottom(self.unit * STEPS_HEIGHT, 0.8 * gap)

    def _hints_width(self, hints: tuple[Option, ...], size: float) -> float:
        """Width of key caps and words, pixels."""
        pads = (2.4 * size * len(hints)) * self.size
        caps = (self._cap(option.key, size) for option in hints)
        return max(1.0, pads + sum(caps) + sum(self.width(o.words, size) for o in hints))

    def _cap(self, key: str, size: float) -> float:
        """Width of a key cap, pixels."""
        return max(1.3 * size * self.size, self.width(key, size * 0.85, True) + size * self.size)

    def _hints(self, hints: tuple[Option, ...], row: QRectF, size: float) -> None:
        """Key caps and words, from the right end of the row to the left."""
        x, px = row.right(), size * self.size
        for option in reversed(hints):
            words, cap = self.width(option.words, size), self._cap(option.key, size)
            x -= words
            self.text(option.words, QRectF(x, row.y(), words, row.height()), size,
                       self.colours.muted)  # fmt: skip
            x -= cap + 0.5 * px
            box = QRectF(x, row.center().y() - 0.72 * px, cap, 1.44 * px)
            self.key(option.key, box, size * 0.85)
            x -= 1.3 * px

    # --- middle ---------------------------------------------------------------------------------

    def _middle(self, gap: float) -> None:
        """The camera's picture and the panel, which share the room that is left."""
        words, room = self.words, self.room
        chosen = words.options if words.display_state in STATES_WITH_ANSWERS else ()
        full = bool(words.count or words.picture or words.seconds_by_verdict or chosen)
        awaited = words.watched and words.display_state in STATES_AWAITING_PICTURE
        if not self.aspect and full and not awaited:
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
