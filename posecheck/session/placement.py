"""Placement: what the user should change so that the camera can judge, one thing at a time.

`PlacementCoach` checks every frame before and during an exercise. A false advice is worse than
none. So each problem has separate limits at which it begins and ends, is named only after it has
lasted, and is not judged when the joints that it needs are unseen. The geometry is in
`body/framing.py`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from posecheck.body.framing import (
    STATURE_M,
    camera_roll,
    looking_down,
    missing,
    pixels_per_metre,
    wanted_of,
)
from posecheck.body.geometry import NAN, Body, body_of, turn_from_camera
from posecheck.exercise import Camera, Exercise
from posecheck.pose import Observation, Pose, Side, opposite

Advice = Literal[
    "", "nobody", "someone_else", "alone", "dark", "bright", "view", "other_side", "back",
    "closer", "left", "right", "along", "lower", "raise", "level", "parts",
]  # fmt: skip
"""The one thing to change now.

nobody, someone_else   the picture is empty; another person is in it instead of the subject
alone                  a second person appears too large
dark, bright           the picture is too dark; it is overexposed
back, closer           the body is too near and cut off; it is too far away
left, right            go towards that edge of the mirrored picture, as seen on the screen: "left"
                       is towards the right edge of the unmirrored one, where x grows
lower, raise           aim the camera lower (move it down or tilt it down), or higher
level                  the camera is rolled
along                  the body points at the camera: lie along the picture's width
view                   turn: the flank, or the chest, does not face the camera
other_side             the wrong flank is towards the camera
parts                  joints on which the exercise is judged are hidden inside the picture
"""


OutlineShape = Literal[
    "standing", "standing_side", "sitting", "sitting_front", "quadruped", "lying"
]
"""The figure in an outline. "standing" faces the camera, "sitting" is seen from the side."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The dashed box into which the user steps or lies down.

    x0, y0, x1, y1  fractions of the picture's width and height, from its top left corner,
    unmirrored
    shape           the figure that is drawn in it
    near            the person's own side towards the camera, None for either
    prone           the figure lies on its belly
    """

    x0: float
    y0: float
    x1: float
    y1: float
    shape: OutlineShape
    near: Side | None = None
    prone: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """How the user is placed.

    advice   what to change now, "" for nothing; it stays for at least SHOWN_S
    parts    the body parts that are cut off or hidden, when the advice is about them, else ()
    settled  everything has been right for SETTLED_S; it stays True until the next advice
    offer    the user was seen for OFFER_S without settling: offer to go on without form check
    outline  where to be
    """

    advice: Advice
    parts: tuple[str, ...]
    settled: bool
    offer: bool
    outline: Outline


# --- limits --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Limit:
    """Where a problem begins and, nearer to right, where it ends."""

    begins: float
    ends: float

    def passed(self, value: float, already: bool) -> bool:
        """Whether there is a problem, given whether there already was; never for NaN."""
        limit = self.ends if already else self.begins
        return value > limit if self.begins > self.ends else value < limit


EDGE = _Limit(0.02, 0.03)
"""How near to a border a needed joint may be, of the picture's width or height."""
SMALL = _Limit(0.30, 0.33)
"""Height of a body of STATURE_M as a share of the picture's width. A lens of 70 degrees sees 5.6 m
at 4 m, a share of 0.30; beyond 4 m the model is out of scope (biomechanics 2A.5). The right clips,
also made smaller to 78 %, read 0.37 and more."""
DARK = _Limit(25.0, 32.0)
DARK_EMPTY = _Limit(40.0, 48.0)
BRIGHT = _Limit(235.0, 228.0)
"""Limits of mean luma, 0 to 255; DARK_EMPTY applies while nobody is found. In rendered frames made
darker, with noise of 5, the person is found in all at 60, in 62 % at 40, 50 % at 30, 38 % at 25 and
8 % at 16, and is then measured well. In frames made brighter the person is found in 67 % at 234 to
251, and measured grossly wrong in a tenth."""
OTHER_PERSON = _Limit(0.5, 0.4)
"""Size of another person as a share of the subject's, from which the model may confuse the two."""
ROLL = _Limit(8.0, 6.0)
"""Limits of camera roll, degrees. A roll adds to angles one to one (biomechanics 2A.5). A person
who stands straight leans by at most about 5; more is the camera's roll. Right clips read up to 3,
and 6 when rolled by 3."""
ROLL_ZONE = 0.15
"""Roll is judged within this share of the picture's width from its middle: farther out, upright
lines lean by more than 4 degrees when the camera looks down by 20."""
STILL = 0.1
"""Maximum movement of mid-shoulder while roll is judged, trunk lengths."""
END_ON = _Limit(0.75, 0.65)
"""Limits of the share of the trunk's length that lies in depth. Bodies along the picture's width
read up to 0.2 in the clips and 0.45 in photographs."""
HIGH = _Limit(35.0, 30.0)
"""Limits of the angle by which the camera looks down on a lying body, degrees. 20 cost 2 degrees of
trunk angle (biomechanics 2A.5); from about 40 the flank is no longer recognised as near."""
HIGHEST = 70.0
"""A larger angle means that the body lies on another side, not that the camera looks down."""
CLEAR_TURN = 20.0
"""Minimum `view_turn`, degrees, at which the near flank is certain: more than 0.1 m of depth."""

SETTLED_S = 0.45
"""Minimum time for which everything must be right. Together with VIEW_PATIENCE_S it stays below
1 s."""
OFFER_S = 20.0
PROBLEM_OVER_S = 0.2
"""A problem is over once it has been absent for this long. A problem that lasts for less than this
does not unsettle the user."""
SHOWN_S = 0.7
"""Minimum time for which an advice stays."""
ADVICE_OVER_S = 0.3
"""An advice is withdrawn once nothing has been wrong for this long: cut-off limbs come and go."""
LONGEST_STEP_S = 1.0
"""Nothing is taken to have lasted across a longer gap between frames."""

ADVICE_PATIENCE_S: Mapping[Advice, float] = {
    "dark": 1.0, "bright": 1.0, "someone_else": 0.5, "nobody": 0.5, "alone": 0.7, "back": 0.7,
    "closer": 0.7, "left": 0.7, "right": 0.7, "lower": 1.0, "raise": 1.0, "level": 1.2,
    "along": 1.0, "view": 0.5, "other_side": 1.0, "parts": 1.5,
}  # fmt: skip
"""How long each problem must last before it is named, the most important first. Light comes first
because nobody is found in the dark. Hidden joints mostly reappear by themselves, and a person on
the way to the floor passes through several wrong views."""
ABSENT: tuple[Advice, ...] = ("someone_else", "nobody")
LIGHT: tuple[Advice, ...] = ("dark", "bright")
MOVES: tuple[Advice, ...] = ("back", "left", "right", "lower", "raise")

VIEW_DEG: Mapping[str, tuple[float, float]] = {
    "front": (0.0, 35.0),
    "oblique": (10.0, 80.0),
    "side": (50.0, 90.0),
}
"""Range of `view_turn` in each view, degrees. Rendered clips (84-90 degrees) read 60 to 88 from the
side, 2 to 8 from the front, and 26 to 34 at 44 degrees: the model reads oblique bodies as more
frontal than they are. A side view that is off by 20 degrees costs 2 degrees of trunk angle; at 45
degrees it costs 10."""
VIEW_MARGIN = 5.0
"""A right view stays right up to this many degrees beyond its range, because the user sways."""
VIEW_PATIENCE_S = 0.5
"""Minimum time before another view is accepted: in single frames the turn is wrong."""
WORD = {"foot_index": "foot", "ear": "head"}


@dataclass(frozen=True, slots=True)
class Stance:
    """How the body stands to the camera, decided once for a set.

    facing  turned as the exercise needs it (`ViewCheck`)
    near    the side towards the camera (`Measurer.near`); None before the first pose
    """

    facing: bool
    near: Side | None = None


class ViewCheck:
    """Checks whether the body is turned as the exercise needs it, with hysteresis and
    VIEW_PATIENCE_S."""

    def __init__(self, camera: Camera) -> None:
        self._band = camera.turn or VIEW_DEG[camera.view]
        self._tolerance = camera.tolerance
        self._right: bool | None = None
        self._since: float | None = None

    def update(self, t: float, turn: float, working: bool) -> bool:
        """Whether the view is right at time t (seconds, increasing). The first known turn decides
        at once; later answers change after VIEW_PATIENCE_S.

        turn     `view_turn`, degrees; NaN changes nothing
        working  the work has begun, so the exercise may turn the body by its camera's tolerance
        """
        if math.isnan(turn):
            return self._right is True
        margin = (VIEW_MARGIN if self._right else 0.0) + (self._tolerance if working else 0.0)
        low, high = self._band
        right = low - margin <= turn <= high + margin
        if self._right is None:
            self._right = right
        elif right == self._right:
            self._since = None
        elif self._since is None:
            self._since = t
        elif t - self._since >= VIEW_PATIENCE_S:
            self._right, self._since = right, None
        return self._right


# --- where to be ---------------------------------------------------------------------------------

_STANDING = Outline(0.28, 0.05, 0.72, 0.97, "standing")
_OUTLINES: Mapping[str, Outline] = {
    "standing": _STANDING,
    "sitting": Outline(0.22, 0.18, 0.78, 0.95, "sitting"),
    "chair": Outline(0.22, 0.15, 0.78, 1.0, "sitting"),
    "quadruped": Outline(0.08, 0.25, 0.92, 0.88, "quadruped"),
    "kneeling": Outline(0.08, 0.25, 0.92, 0.85, "quadruped"),
    "supine": Outline(0.06, 0.25, 0.94, 0.80, "lying"),
    "prone": Outline(0.06, 0.25, 0.94, 0.82, "lying", prone=True),
    "side-lying": Outline(0.06, 0.25, 0.94, 0.80, "lying"),
}
"""Outline by position. Each contains the right clips of its position. All are symmetric, so that
mirroring does not matter."""
LOW = ("quadruped", "kneeling", "supine", "prone", "side-lying")
"""Positions in which the trunk lies along the floor."""
REACH = 0.08
"""Distance of the outline from the left and right borders for an exercise along the picture's
width."""


def outline_of(exercise: Exercise, side: Side | None = None) -> Outline:
    """Where to be in the picture for an exercise. `side`: the working side, None for none."""
    box, camera = _OUTLINES.get(exercise.position, _STANDING), exercise.camera
    if camera is None:
        return box
    if camera.view == "side" and box.shape == "standing":
        box = replace(box, shape="standing_side")
    if camera.view == "front" and box.shape == "sitting":
        box = replace(box, shape="sitting_front")
    if side is not None and camera.near != "either":
        box = replace(box, near=side if camera.near == "work" else opposite(side))
    if camera.landscape:
        box = replace(box, x0=min(box.x0, REACH), x1=max(box.x1, 1 - REACH))
    return box


# --- the machine ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Problem:
    """One problem over time: `on` after `patience_s`, off after PROBLEM_OVER_S without it."""

    patience_s: float
    since: float | None = None
    seen: float = 0.0
    on: bool = False

    def update(self, t: float, there: bool) -> None:
        if there:
            if self.since is None or t - self.seen > LONGEST_STEP_S:
                self.since = t
            self.seen = t
            self.on = self.on or t - self.since >= self.patience_s
        elif self.since is not None and t - self.seen >= PROBLEM_OVER_S:
            self.clear()

    def clear(self) -> None:
        self.since, self.on = None, False

    @property
    def lasting(self) -> bool:
        """Whether it has lasted for at least PROBLEM_OVER_S."""
        return self.on or (self.since is not None and self.seen - self.since >= PROBLEM_OVER_S)


class PlacementCoach:
    """Checks the placement for one exercise. `side`: the working side, None for none."""

    def __init__(self, exercise: Exercise, side: Side | None) -> None:
        self._outline = outline_of(exercise, side)
        self._camera = None if exercise.check == "none" else exercise.camera
        self._standing = exercise.position == "standing"
        self._low = exercise.position in LOW
        self._side = side
        self._wanted = wanted_of(exercise, side)
        self._problems = {
            advice: _Problem(patience) for advice, patience in ADVICE_PATIENCE_S.items()
        }
        self._cut: tuple[str, ...] = ()
        self._hidden: tuple[str, ...] = ()
        self._spot = complex(NAN, NAN)
        self._advice: Advice = ""
        self._shown_at = 0.0
        self._wrong_at = -math.inf
        self._settled = self._once = False
        self._before: float | None = None
        self._unsettled_s = 0.0
        self._last = Placement("", (), self._camera is None, False, self._outline)

    def update(self, t: float, observation: Observation, stance: Stance) -> Placement:
        """The placement at time t (seconds, increasing). Without a new picture nothing
        changes."""
        camera, pose = self._camera, observation.pose
        if camera is None:
            return self._last
        if observation.no_pose_reason in ("camera", "frozen"):
            self._before = None
            return self._last
        seen = pose if not observation.no_pose_reason else None
        there = self._lit(observation.brightness, seen is not None)
        judged: tuple[Advice, ...] = (*LIGHT, *ABSENT)
        if seen is None:
            other = observation.no_pose_reason == "someone_else"
            there.add("someone_else" if other else "nobody")
        else:
            body = body_of(seen, stance.near)
            turn = body.value(turn_from_camera)
            unknown = math.isnan(turn) and not stance.facing
            there |= self._framed(seen, body, observation.other_person_size, unknown)
            there |= self._turned(body, turn, Stance(stance.facing or unknown, stance.near), camera)
            there |= self._rolled(seen, body)
            judged = tuple(self._problems)
        for advice in judged:
            self._problems[advice].update(t, advice in there)
        if self._problems["nobody"].on or self._problems["someone_else"].on:
            self._forget()
        step = self._step(t)
        self._settle(self._say(t), step if seen is not None else 0.0)
        parts = {"back": self._cut, "parts": self._hidden}.get(self._advice, ())
        words = tuple(dict.fromkeys(WORD.get(part, part) for part in parts))
        offer = self._unsettled_s >= OFFER_S
        self._last = Placement(self._advice, words, self._settled, offer, self._outline)
        return self._last

    def _forget(self) -> None:
        """Discard the problems of a body that has left the picture."""
        for advice, problem in self._problems.items():
            if advice not in (*LIGHT, *ABSENT):
                problem.clear()

    def _already(self, *advices: Advice) -> bool:
        return any(self._problems[advice].since is not None for advice in advices)

    def _lit(self, light: float, found: bool) -> set[Advice]:
        limits: Mapping[Advice, _Limit] = {"dark": DARK if found else DARK_EMPTY, "bright": BRIGHT}
        return {a for a, limit in limits.items() if limit.passed(light, self._already(a))}

    def _framed(
        self, pose: Pose, body: Body, other_person_size: float, unknown: bool
    ) -> set[Advice]:
        """Problems with another person, with cut-off or hidden parts and with size. `unknown`: the
        view is not known yet."""
        there: set[Advice] = set()
        if OTHER_PERSON.passed(other_person_size, self._already("alone")):
            there.add("alone")
        edge = EDGE.ends if self._already(*MOVES) else EDGE.begins
        lacking = missing(pose, body, self._wanted, edge, unknown)
        stature = STATURE_M * body.value(pixels_per_metre) / pose.size[0]
        if lacking.move:
            there.add(lacking.move)
            self._cut = lacking.cut
        elif SMALL.passed(stature, self._already("closer")):
            there.add("closer")
        if lacking.hidden:
            there.add("parts")
            self._hidden = lacking.hidden
        return there

    def _turned(self, body: Body, turn: float, stance: Stance, camera: Camera) -> set[Advice]:
        """Problems with the direction of the body: towards the camera, seen from above, in the
        wrong view, or with the wrong side near."""
        along = camera.landscape and self._low and camera.view != "oblique"
        if along and END_ON.passed(abs(body.axis[2]), self._already("along")):
            return {"along"}
        if along and camera.view == "side":
            down = looking_down(body)
            if HIGH.passed(down, self._already("lower")) and down < HIGHEST:
                return {"lower"}
        if not stance.facing:
            return {"view"}
        if self._side is None or camera.near == "either" or not turn > CLEAR_TURN:
            return set()
        wanted = self._side if camera.near == "work" else opposite(self._side)
        return set() if stance.near in (None, wanted) else {"other_side"}

    def _rolled(self, pose: Pose, body: Body) -> set[Advice]:
        """The problem of a rolled camera. It is judged while the person stands straight and still
        in the middle of the picture, and only until they have settled once: later the person moves,
        and the camera does not. Before a standing exercise the advice stays until the person stands
        straight again."""
        problem = self._problems["level"]
        roll = camera_roll(body)
        central = abs(body.mid_hip.real / pose.size[0] - 0.5) < ROLL_ZONE
        moved = not abs(body.mid_shoulder - self._spot) < STILL * body.trunk_px
        if moved:
            self._spot = body.mid_shoulder
        if problem.on and self._standing and (moved or not central or math.isnan(roll)):
            return {"level"}
        if moved:
            problem.clear()
        rolled = central and ROLL.passed(abs(roll), problem.since is not None)
        return {"level"} if rolled and not self._once else set()

    def _say(self, t: float) -> float:
        """Set the advice to the most important problem that has lasted. Returns the seconds for
        which everything has been right; an advice is withdrawn only after ADVICE_OVER_S of them."""
        lasting = [problem.seen for problem in self._problems.values() if problem.lasting]
        self._wrong_at = max([self._wrong_at, *lasting])
        right_s = 0.0 if lasting else t - self._wrong_at
        on: list[Advice] = [advice for advice, problem in self._problems.items() if problem.on]
        named: Advice = on[0] if on else ""
        readable = not self._advice or t - self._shown_at >= SHOWN_S
        if named != self._advice and readable and (named or right_s >= ADVICE_OVER_S):
            self._advice, self._shown_at = named, t
        return right_s

    def _settle(self, right_s: float, step_s: float) -> None:
        """Update whether the user has settled. `step_s`: seconds for which they were seen since the
        previous frame."""
        if self._advice:
            self._settled = False
        elif right_s >= SETTLED_S:
            self._settled = self._once = True
        self._unsettled_s = 0.0 if self._settled else self._unsettled_s + step_s

    def _step(self, t: float) -> float:
        """Seconds since the previous frame; 0 after a gap, which also restarts the time for which
        everything has been right."""
        step = t - self._before if self._before is not None else math.inf
        self._before = t
        if step <= LONGEST_STEP_S:
            return step
        self._wrong_at = t
        return 0.0
