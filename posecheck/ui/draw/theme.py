"""The colours of a session: one for every display state, in a dark and a light set.

The colours of the states were found by search so that any two of a set are far apart for normal,
red-blind, green-blind and blue-blind eyes (Machado, Oliveira and Fernandes, "A physiologically
based model for simulation of color vision deficiency", 2009); states also differ in icon and word,
so that no information is in a colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posecheck.coach.scene import DisplayState
from posecheck.exercise import Severity

Rgb = tuple[int, int, int]
"""Red, green, blue; 0 to 255."""

BLACK: Rgb = (12, 14, 18)
WHITE: Rgb = (255, 255, 255)

MIN_CONTRAST = 4.5
"""Minimum contrast of letters on their ground (WCAG 2.2, success criterion 1.4.3)."""


@dataclass(frozen=True, slots=True)
class SceneColours:
    """The colours of everything that is drawn.

    ground  behind everything
    card    of panels and bands
    ink     of letters
    muted   of less important letters
    track   of the part of the ring and of the segments that is still to come
    accent  of the side ("your left")
    states  of frame, icon and ring, for every display state
    faults  of the limbs and the callout of a fault, for every severity
    """

    ground: Rgb
    card: Rgb
    ink: Rgb
    muted: Rgb
    track: Rgb
    accent: Rgb
    states: Mapping[DisplayState, Rgb]
    faults: Mapping[Severity, Rgb]


_FAULTS: Mapping[Severity, Rgb] = {
    "stop": (255, 92, 48),
    "gate": (255, 176, 32),
    "must": (255, 176, 32),
    "advice": (120, 200, 255),
}
"""Light in both sets: they are drawn over the camera's picture with a dark casing."""

DARK_SCENE = SceneColours(
    ground=(14, 17, 23),
    card=(27, 32, 42),
    ink=(243, 246, 250),
    muted=(171, 181, 197),
    track=(50, 58, 72),
    accent=(134, 206, 255),
    states={
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

LIGHT_SCENE = SceneColours(
    ground=(232, 236, 242),
    card=(255, 255, 255),
    ink=(20, 25, 34),
    muted=(82, 91, 108),
    track=(200, 208, 220),
    accent=(0, 88, 158),
    states={
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


def luminance(colour: Rgb) -> float:
    """Relative luminance of an sRGB colour, 0 (black) to 1 (white); WCAG 2.2."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio of two colours, 1 (none) to 21 (black on white); WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(ground: Rgb) -> Rgb:
    """Black or white, whichever has more contrast on a ground."""
    return max((BLACK, WHITE), key=lambda ink: contrast(ink, ground))
