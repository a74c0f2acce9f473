"""How strongly each desk state shows: changes from upright in, one level per state out.

A state begins at level 1 and ends below its leave share (hysteresis). NaN: unknown. Every number is
from the tables of biomechanics 3.1 and 3.2 unless a comment says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from posecheck.body.geometry import NAN, safe
from posecheck.desk.calibration import RATIOS, Calibration, departure
from posecheck.desk.features import Features, SitterView

Levels = dict[str, float]

LEAVE = 0.75
"""A state ends below this share of the level at which it begins: 0.45 of 0.60 for the slouch
index."""
LEAVES: Mapping[str, float] = {"slouching": 0.6, "head_forward": 0.6}
"""The same share of the limits of one-point slouching (biomechanics 3.2)."""

BEGINS = 0.60
"""Slouch index at which slouching begins; 0 is tall, 1 the usual slump."""

EV_PCT, HS_PCT, EY_SW, HS_LOW_PCT = -12.0, 4.0, 0.12, 3.0
"""One-point slouching: EV and HS, or EY and HS_LOW."""
HEAD_PCT = 7.0
"""HS of a head that came forward. From a low camera (a laptop) it is also the only sign of a slump:
EV stays within 3 % and EY rises there, while HS still reads 12 to 20 % (measured)."""
BOTH_PCT, BOTH_SWR = 5.5, 0.05
"""HS and SWr of a slump in which the shoulders came nearer too: the moderate slump is simulated as
HS 5 to 7 with SWr 1.05 to 1.07. A chair that rolls closer has HS 0; rounded shoulders and jitter
stay within 3."""
NEARER = 1.08
"""Slumps bring the face nearer: by 10 to 26 % simulated, 11 to 49 measured; looking down by at most
7. Without that a larger HS means narrower shoulders: the user turned them and still looks at the
screen."""
OBLIQUE_EV_PCT, FORWARD_SW = -8.0, 0.15
"""EV of a slump in an oblique view, with EY_SW; and how far a head comes forward that no slump
explains, in shoulder widths. At 25 to 35 degrees the simulated moderate slump reads EV -10 and EY
+0.16 to +0.18 with HS at most +3: forward is there sideways in the picture, and a face that comes
forward grows no more than the shoulders. Looking down reads EV -6, EY +0.03; 12 degrees of recline
-9, +0.06. A head 6 cm forward reads 0.17."""
SUNK_SHARE = 0.88
"""Height of the ears above the shoulders, of the calibrated one, below which narrower shoulders
belong to a slump. A turn of the shoulders leaves this height; real shoulders that were rounded in a
slump looked 14 % narrower, with 0.65 of the height."""
NOD_OF_SLUMP = 1.0
NOD_MOST = 0.35
"""A head that comes forward by (F - 1) also nods by about as much in PIT: simulated 0.10/0.08,
0.19/0.16, 0.36/0.31, measured 0.14/0.17, 0.27/0.19, 0.43/0.26, and 1.09/0.36. PIT beyond that is
the chin."""
NOD_DOUBT, NOD_NEARER = 0.085, 0.15
"""A chin lower than NOD_DOUBT makes a slump doubtful: looking at the keyboard moves the ears like a
slump. Measured PIT beyond the nod of a slump: slumps at most 0.07, looking down 0.10 to 0.30. A
face that is nearer by NOD_NEARER, twice what looking down does, is not doubtful."""
LEAN_IN = 1.33
"""SWr from which coming too close is a lean from the hips, not a slump: slumps read 1.05 to 1.21,
leaning in 1.46 to 1.67 (measured; this is the geometric middle)."""
HAND_SW = 0.6
"""Distance from wrist to face, in shoulder widths, below which a hand is at the face."""
SMALLEST_FACE, LARGEST_FACE = 0.55, 3.0
"""Size of the face relative to the calibrated one; a face beyond these is another person's, or the
user is elsewhere. A small face counts only with shoulders as small: a face in a hand, or turned
further from an oblique camera, looks narrow and is still in its place. Biomechanics says 1.8 for
the largest, but a user who leans to the screen reads 1.8 to 2.2, and nobody passes between a user
and their screen."""
PLACE_SW: Mapping[SitterView, float] = {"front": 0.8, "side": 1.5}
"""Distance of face and shoulders from their place, in shoulder widths, from which the user is away.
Both must be that far, not the face alone (3.2): a lean to one side moves the face by 0.95 and the
shoulders by much less. From the side a lean forward moves both within the frame: 45 degrees move
the shoulders by 1.0 and the face by 1.4."""


LEANS_ON_HAND = 1.5
"""Factor on PLACE_SW while a hand is at the face. The trunk of a user who leans on an elbow tilts
by up to 35 degrees: shoulders 0.5 m and face 0.7 m above the hips move by 0.8 and 1.1 shoulder
widths."""


def least(*levels: float) -> float:
    """The smallest level, for signs that must all hold; NaN when one is unknown."""
    return NAN if any(map(math.isnan, levels)) else min(levels)


def most(*levels: float) -> float:
    """The largest known level, for signs of which one is enough; NaN when none is known."""
    return max((level for level in levels if not math.isnan(level)), default=NAN)


SCALED = ("slouching", "head_forward", "shoulders_up", "leaning", "head_tilted")
"""The levels that the user's sensitivity scales. A user who is away, turned, standing or has a hand
at the face is not judged, and looking down, reclining and leaning in separate slumps from other
postures: these levels are not scaled. `too_close` only widens: at 0.8 of it a chair 10 cm nearer
would be reported every half hour."""


def levels_of(changes: Features, calibration: Calibration, scale: float = 1.0) -> Levels:
    """The level of every state that this view can show. `scale` multiplies the numbers at which
    the ways of sitting in SCALED begin and end."""
    levels = _levels(changes, calibration)
    scales = dict.fromkeys(SCALED, scale) | {"too_close": max(1.0, scale)}
    return {name: level / scales.get(name, 1.0) for name, level in levels.items()}


def _levels(changes: Features, calibration: Calibration) -> Levels:
    size = most(changes["F"], changes.get("SWr", NAN))
    place = PLACE_SW[calibration.view]
    if changes["hand"] <= HAND_SW:
        place *= LEANS_ON_HAND
    shared = {
        "standing": least(-changes["EY"] / 0.8, changes["F"] / 0.6),
        "away": most(
            SMALLEST_FACE / size if size > 0 else NAN,
            changes["F"] / LARGEST_FACE,
            least(_far(changes, "E"), _far(changes, "S")) / place,
        ),
        "hand_at_face": safe(HAND_SW, changes["hand"]),
    }
    if calibration.view == "side":
        return shared | _side(changes, calibration)
    return shared | _front(changes, calibration)


def _far(changes: Features, of: str) -> float:
    return abs(complex(changes[f"{of}X"], changes[f"{of}Y"]))


def index_of(changes: Features, calibration: Calibration) -> float:
    """The slouch index, -0.5 to 1.5: 0 tall, 0.6 slouching begins, 1 the usual slump. NaN when
    unknown, and where tall and slumped look alike."""
    if calibration.two_points:
        return _two_point(changes, calibration)
    if calibration.view == "side":
        level = _one_point_side(changes)
    else:
        level = _one_point_front(changes, oblique=calibration.facing_deg != 0.0)
    index = BEGINS * level
    return NAN if math.isnan(index) else max(-0.5, min(1.5, index))


def _two_point(changes: Features, calibration: Calibration) -> float:
    parts = {}
    for name, span in calibration.slump.items():
        value = departure(changes, name)
        if calibration.weights[name] and not math.isnan(value):
            parts[name] = max(-0.5, min(1.5, value / span))
    shape = [part for name, part in parts.items() if name not in RATIOS]
    if not shape:
        return NAN
    # A chair that rolls nearer enlarges everything: size counts only as far as shape agrees.
    parts |= {name: min(part, max(shape)) for name, part in parts.items() if name in RATIOS}
    total = sum(calibration.weights[name] for name in parts)
    return sum(calibration.weights[name] * part for name, part in parts.items()) / total


def _one_point_front(c: Features, oblique: bool) -> float:
    """A head that came forward or lower together with a nearer face, or that sank towards the
    shoulders and in the picture. A shrug does not lower the head."""
    head = most(c["HS"] / HEAD_PCT, least(c["HS"] / BOTH_PCT, (c["SWr"] - 1) / BOTH_SWR))
    sunk = least(c["EV"] / EV_PCT, c["HS"] / HS_PCT)
    lower = least(c["EY"] / EY_SW, c["HS"] / HS_LOW_PCT)
    near = least(most(head, sunk, lower), nearer(c) / (NEARER - 1))
    return most(near, least(c["EV"] / (OBLIQUE_EV_PCT if oblique else EV_PCT), c["EY"] / EY_SW))


def nearer(c: Features) -> float:
    """How much nearer the face is, by ears and eyes together: 0.1 is 10 % larger."""
    return c["SWr"] * (1 + c["HS"] / 100) - 1


def chin(c: Features) -> float:
    """Change of PIT beyond the nod of a head that came forward."""
    return c["PIT"] - max(0.0, min(NOD_MOST, NOD_OF_SLUMP * nearer(c)))


def _front(c: Features, calibration: Calibration) -> Levels:
    slouching = index_of(c, calibration) / BEGINS
    width = abs(c["SWr"] - 1)
    forward = least(
        c["HS"] / HEAD_PCT, nearer(c) / (NEARER - 1), 2 - width / 0.05, 2 - c["PIT"] / 0.20
    )
    doubtful = most(slouching, forward) >= LEAVES["slouching"] and nearer(c) < NOD_NEARER
    level_head = (1 + c["EV"] / 100) * c["SWr"] >= SUNK_SHARE
    narrow = least((1 - c["SWr"]) / 0.14, 1.0 if c["F"] > 0.90 and level_head else 0.0)
    forward = most(forward, _forward_oblique(c, calibration.facing_deg))
    return {
        "turned": most(abs(c["YAW"]) / calibration.yaw_gate, narrow),
        "looking_down": chin(c) / (NOD_DOUBT if doubtful else calibration.pit_gate),
        "leaning": abs(c["STILT"]) / 6,
        "head_tilted": abs(c["ROLL"]) / 10,
        "reclined": least((1 - c["F"]) / 0.10, (1 - c["SWr"]) / 0.10, c["PIT"] / -0.05),
        "too_close": least((c["F"] - 1) / 0.25, (c["SWr"] - 1) / 0.12),
        "lean_in": (c["SWr"] - 1) / (LEAN_IN - 1),
        "slouching": slouching,
        "head_forward": forward,
        "shoulders_up": least(c["EV"] / EV_PCT, c["SY"] / -0.05, 2 - abs(c["HS"]) / 3),
    }


def _forward_oblique(c: Features, facing_deg: float) -> float:
    """The level of a head that came forward in an oblique view, where forward is also sideways; NaN
    in other views. A head tilted to a side is none."""
    if not facing_deg:
        return NAN
    forward = (c["EX"] - c["SX"]) / math.tan(math.radians(facing_deg))
    return least(forward / FORWARD_SW, 2 - abs(c["ROLL"]) / 5)


# --- from the side ------------------------------------------------------------------------------

NECK_DEG, HEAD_DEG, TRUNK_DEG = 12.0, 14.0, 15.0
"""The middle of the amber bands 8 to 15, 10 to 18, 10 to 20. The model reads forward heads up to a
third too small (true 19 degrees read 14 to 19), so that the limit of red would be missed."""
RECLINED_DEG, SLID_DEG = -10.0, -30.0
"""Leaning back is fine down to -25 degrees of trunk_incl; below -30 the hips have slid forward."""
CLOSE_DEG = 20.0
"""trunk_incl of a user who leans in to the screen."""
FACE_DEG = 12.0
"""The face of a user who looks down drops by this much more than neck and trunk. Slumps and leans
drop the face by no more than these; looking at the keyboard drops it by 25 degrees, most of them
beyond these."""
HEAD_TURN_DEG = 30.0
"""Change of head_yaw from which the head is turned."""
BODY_TURNED_DEG = 40.0
"""`turned` below which the view is no side view any more."""


def _one_point_side(c: Features) -> float:
    neck, trunk = c["neck_incl"] / NECK_DEG, c["trunk_incl"] / TRUNK_DEG
    # A trunk that leans takes the head along, and the head then looks up at the screen.
    upright = abs(c["trunk_incl"]) < -RECLINED_DEG
    head = c["head_trunk"] / HEAD_DEG if upright else NAN
    slid = 1 + (SLID_DEG - c["trunk_incl"]) / 10
    return most(neck, head, trunk, slid if slid >= 1 else NAN)


def _side(c: Features, calibration: Calibration) -> Levels:
    slouching = index_of(c, calibration) / BEGINS
    return {
        "turned": most(abs(c["head_yaw"]) / HEAD_TURN_DEG, safe(BODY_TURNED_DEG, c["turned"])),
        "looking_down": (c["face"] - max(0.0, c["neck_incl"], c["trunk_incl"])) / FACE_DEG,
        "reclined": c["trunk_incl"] / RECLINED_DEG,
        "too_close": least(c["trunk_incl"] / CLOSE_DEG, 2 - c["head_trunk"] / 10),
        "slouching": slouching,
        "head_forward": least(slouching, 2 - abs(c["trunk_incl"]) / 10),
    }
