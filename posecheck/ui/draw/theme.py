"""Colours: one for every look, in a dark and a light theme, each with letters that can be read.

The colours of the looks were chosen by search so that any two of a theme are far apart for normal,
red-blind, green-blind and blue-blind eyes (Machado, Oliveira and Fernandes, "A physiologically
based model for simulation of color vision deficiency", 2009); looks also differ in icon and word,
so that no colour ever says anything alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posecheck.coach.scene import DisplayState
from posecheck.exercise import Severity

Colour = tuple[int, int, int]
"""Red, green, blue; 0 to 255."""

BLACK: Colour = (12, 14, 18)
WHITE: Colour = (255, 255, 255)

READABLE = 4.5
"""Least contrast of letters on their ground (WCAG 2.2, success criterion 1.4.3)."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of everything that is drawn.

    ground     behind everything; `card` the surface of panels and bands
    ink        letters; `muted` letters of what matters less
    track      what is still to come: of the ring, of the segments
    accent     the side ("your left")
    looks      the frame, the icon and the ring, for every look
    faults     the limbs and the box of a fault, for every level of rule
    """

    ground: Colour
    card: Colour
    ink: Colour
    muted: Colour
    track: Colour
    accent: Colour
    looks: Mapping[DisplayState, Colour]
    faults: Mapping[Severity, Colour]


_FAULTS: Mapping[Severity, Colour] = {
    "stop": (255, 92, 48),
    "gate": (255, 176, 32),
    "must": (255, 176, 32),
    "advice": (120, 200, 255),
}
"""Drawn over the camera's picture with a dark casing, so they are light in both themes."""

DARK = Theme(
    ground=(14, 17, 23),
    card=(27, 32, 42),
    ink=(243, 246, 250),
    muted=(171, 181, 197),
    track=(50, 58, 72),
    accent=(134, 206, 255),
    looks={
        "placing": (81, 94, 230),
        "ready": (115, 233, 255),
        "active": (0, 144, 84),
        "paused": (255, 180, 0),
        "unseen": (178, 181, 184),
        "unchecked": (118, 112, 127),
        "rest": (137, 176, 255),
        "done": (205, 255, 203),
        "halted": (165, 75, 172),
        "pain": (230, 86, 9),
        "lost": (241, 226, 133),
    },
    faults=_FAULTS,
)

LIGHT = Theme(
    ground=(232, 236, 242),
    card=(255, 255, 255),
    ink=(20, 25, 34),
    muted=(82, 91, 108),
    track=(200, 208, 220),
    accent=(0, 88, 158),
    looks={
        "placing": (25, 32, 164),
        "ready": (22, 132, 231),
        "active": (10, 92, 23),
        "paused": (202, 109, 0),
        "unseen": (94, 98, 107),
        "unchecked": (150, 130, 108),
        "rest": (136, 58, 255),
        "done": (0, 29, 16),
        "halted": (154, 38, 148),
        "pain": (209, 5, 52),
        "lost": (68, 31, 75),
    },
    faults=_FAULTS,
)


def luminance(colour: Colour) -> float:
    """Relative luminance of an sRGB colour, 0 (black) to 1 (white); WCAG 2.2."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two colours, 1 (none) to 21 (black on white); WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(ground: Colour) -> Colour:
    """Black or white, whichever is read better on a ground."""
    return max((BLACK, WHITE), key=lambda ink: contrast(ink, ground))
