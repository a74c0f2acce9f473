"""The parts of an arrangement, and the sheet that places texts, boxes and keys on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QRectF

from posecheck.coach.scene import DisplayState, Option, Scene
from posecheck.ui.draw.lettering import Align, Lettering, advance, letter
from posecheck.ui.draw.theme import Rgb, SceneColours

GAP = 18.0
"""Distance of any two things, pixels of the design."""
CORNER_RADIUS = 22.0
"""Of the corners of all but small boxes, pixels of the design."""
MAX_TEXT_LINES = 7
"""Maximum number of lines of a long text. The height of its box limits a cue to two."""


@dataclass(frozen=True, slots=True)
class Words:
    """The part of a scene that decides the arrangement: everything except positions, shares and the
    skeleton. It can be hashed, so that arrangements are cached by it.

    picture  whether there is an instruction picture; the other fields are as in `Scene`
    """

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
    watched: bool
    picture: bool

    @staticmethod
    def of(scene: Scene, picture: bool) -> Words:
        """The words of a scene. `picture`: whether there is an instruction picture to show."""
        seconds = scene.seconds_by_verdict
        return Words(
            display_state=scene.display_state,
            word=scene.word,
            cue=scene.cue,
            detail=scene.detail,
            title=scene.title,
            side=scene.side,
            sets=scene.sets,
            count=scene.count,
            unit=scene.unit,
            coming=scene.coming,
            options=scene.options,
            seconds_by_verdict=None
            if seconds is None
            else (round(seconds[0]), round(seconds[1]), round(seconds[2])),
            steps=bool(scene.steps),
            watched=scene.watched,
            picture=picture,
        )


@dataclass(frozen=True, slots=True, eq=False)
class RoundedBox:
    """A box with round corners.

    edge   colour of its border, None for no border
    alpha  of its colour, 0 to 255
    """

    rect: QRectF
    radius: float
    colour: Rgb
    edge: Rgb | None = None
    alpha: int = 255


@dataclass(frozen=True, slots=True, eq=False)
class Icon:
    """The icon of a display state in a box."""

    display_state: DisplayState
    rect: QRectF
    colour: Rgb


@dataclass(slots=True, eq=False)
class Arrangement:
    """What is drawn where, in pixels of the surface.

    frame    thickness of the frame round the surface
    unit     size of one pixel of the design
    camera   box of the camera's picture; None when it is not shown
    ring, picture, steps  boxes of the parts that may change with every frame; None for parts that
             are not shown
    room     the part of the camera's picture that is free for callouts; None for all of it
    boxes, icons, texts  the parts that stay while the words stay
    """

    frame: float
    unit: float
    camera: QRectF | None = None
    ring: QRectF | None = None
    picture: QRectF | None = None
    steps: QRectF | None = None
    room: QRectF | None = None
    boxes: list[RoundedBox] = field(default_factory=list)
    icons: list[Icon] = field(default_factory=list)
    texts: list[Lettering] = field(default_factory=list)


_palettes: list[SceneColours] = []


def colours_of(number: int) -> SceneColours:
    """The colours with a number that `number_of` gave."""
    return _palettes[number]


def number_of(colours: SceneColours) -> int:
    """A number for a set of colours. Unlike the set, a number can be a cache key."""
    for number, other in enumerate(_palettes):
        if other is colours:
            return number
    _palettes.append(colours)
    return len(_palettes) - 1


class Sheet:
    """An arrangement while it is made.

    page  the arrangement
    unit  size of one pixel of the design
    size  the same for letters
    """

    def __init__(
        self, words: Words, colours: SceneColours, unit: float, scale: float, frame: float
    ) -> None:
        self.words, self.colours = words, colours
        self.unit, self.size = unit, unit * scale
        self.page = Arrangement(unit * frame, unit)

    def text(
        self, text: str, box: QRectF, size: float, colour: Rgb, *, bold: bool = False,
        align: Align = "left", rows: int = 1,
    ) -> None:  # fmt: skip
        """Place a text in a box; `size` of its letters in pixels of the design."""
        if text:
            laid = letter(
                text, box, size * self.size, colour, bold=bold, align=align, rows=rows
            )  # fmt: skip
            self.page.texts.append(laid)

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """Width of a text, pixels; `size` of its letters in pixels of the design."""
        return advance(text, max(1, round(size * self.size)), bold) + 1 if text else 0.0

    def box(self, rect: QRectF, colour: Rgb, edge: Rgb | None = None) -> None:
        """Place a box with round corners."""
        radius = min(self.unit * CORNER_RADIUS, rect.height() / 2)
        self.page.boxes.append(RoundedBox(rect, radius, colour, edge))

    def key(self, key: str, box: QRectF, size: float) -> None:
        """Place a key cap; `size` of its letters in pixels of the design."""
        radius = min(self.unit * CORNER_RADIUS, 0.28 * box.height())
        self.page.boxes.append(RoundedBox(box, radius, self.colours.card, self.colours.muted))
        self.text(key, box, size, self.colours.ink, bold=True, align="centre")
