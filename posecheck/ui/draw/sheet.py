"""The sheet that an arrangement is made on: its parts, and how texts, cards and keys get on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QRectF

from posecheck.coach.scene import DisplayState, Option, Scene
from posecheck.ui.draw.lettering import Align, Lettering, advance, letter
from posecheck.ui.draw.theme import Colour, Theme

GAP = 18.0
"""Between any two things, pixels of the design."""
RADIUS = 22.0
"""Of every corner that is not smaller by its size."""
ROWS = 7
"""Lines that a long text may take; a cue takes two at most for want of height."""


@dataclass(frozen=True, slots=True)
class Words:
    """What of a scene decides where things stand: all but places, shares and the skeleton."""

    display_state: DisplayState
    word: str
    cue: str
    detail: str
    title: str
    side: str
    sets: str
    count: str
    unit: str
    coming: str
    options: tuple[Option, ...]
    seconds_by_verdict: tuple[int, int, int] | None
    steps: bool
    picture: bool

    @staticmethod
    def of(scene: Scene, picture: bool) -> Words:
        """picture: whether there is an instruction picture to show."""
        seconds_by_verdict = scene.seconds_by_verdict
        whole = (
            None
            if seconds_by_verdict is None
            else (
                round(seconds_by_verdict[0]),
                round(seconds_by_verdict[1]),
                round(seconds_by_verdict[2]),
            )
        )
        return Words(
            scene.display_state, scene.word, scene.cue, scene.detail, scene.title, scene.side,
            scene.sets, scene.count, scene.unit, scene.coming, scene.options, whole,
            bool(scene.steps), picture,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """A rounded box; `edge` the colour of its border, None for none; `alpha` 0 to 255."""

    rect: QRectF
    radius: float
    colour: Colour
    edge: Colour | None = None
    alpha: int = 255


@dataclass(frozen=True, slots=True, eq=False)
class Icon:
    """The icon of a look in a box."""

    display_state: DisplayState
    rect: QRectF
    colour: Colour


@dataclass(slots=True, eq=False)
class Arrangement:
    """What is drawn where.

    frame   thickness of the frame round the whole picture
    unit    size of one pixel of the design
    camera  where the camera's picture goes; None for nowhere
    ring, picture, steps   boxes of what is drawn anew each time; None for what is not shown
    room    the part of the camera's picture that is free for words; None for all of it
    """

    frame: float
    unit: float
    camera: QRectF | None = None
    ring: QRectF | None = None
    picture: QRectF | None = None
    steps: QRectF | None = None
    room: QRectF | None = None
    cards: list[Card] = field(default_factory=list)
    icons: list[Icon] = field(default_factory=list)
    texts: list[Lettering] = field(default_factory=list)


_themes: list[Theme] = []


def theme_of(number: int) -> Theme:
    """The theme of a number."""
    return _themes[number]


def known(theme: Theme) -> int:
    """A number for a theme, which unlike the theme itself can be looked up."""
    for number, other in enumerate(_themes):
        if other is theme:
            return number
    _themes.append(theme)
    return len(_themes) - 1


class Sheet:
    """One arrangement in the making.

    unit  size of one pixel of the design; size  the same for letters
    """

    def __init__(self, words: Words, theme: Theme, unit: float, scale: float, frame: float) -> None:
        self.words, self.theme = words, theme
        self.unit, self.size = unit, unit * scale
        self.page = Arrangement(unit * frame, unit)

    def text(
        self, text: str, box: QRectF, size: float, colour: Colour, *, bold: bool = False,
        align: Align = "left", rows: int = 1,
    ) -> None:  # fmt: skip
        if text:
            laid = letter(
                text, box, size * self.size, colour, bold=bold, align=align, rows=rows
            )  # fmt: skip
            self.page.texts.append(laid)

    def width(self, text: str, size: float, bold: bool = False) -> float:
        return advance(text, max(1, round(size * self.size)), bold) + 1 if text else 0.0

    def card(self, rect: QRectF, colour: Colour, edge: Colour | None = None) -> None:
        radius = min(self.unit * RADIUS, rect.height() / 2)
        self.page.cards.append(Card(rect, radius, colour, edge))

    def key(self, key: str, box: QRectF, size: float) -> None:
        radius = min(self.unit * RADIUS, 0.28 * box.height())
        self.page.cards.append(Card(box, radius, self.theme.card, self.theme.muted))
        self.text(key, box, size, self.theme.ink, bold=True, align="centre")
