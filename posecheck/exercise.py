"""Exercises and routines as data: the schema of the files under `routines/`.

Frozen values only; `io/routines/load.py` fills them from TOML and reports the mistakes of a file,
`body/measure.py` knows the metrics that rules name. Angles are degrees, durations seconds, ratios
plain numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

View = Literal["front", "side", "oblique"]
"""How the camera sees the body: chest or back towards it, a flank towards it, or between."""

Severity = Literal["gate", "must", "advice", "stop"]
"""gate: not in position yet; must: stops the timer; advice: a cue, the timer runs;
stop: beyond the safe range, stops the timer and speaks first."""

Kind = Literal["setup", "alignment", "range", "limit"]
"""What a rule asks for. Only `range` may be eased to today's own range."""

Accuracy = Literal["A", "B", "C"]
"""Expected error of the metric: A up to 8 degrees, B 8 to 15, C indirect or more."""

Sides = Literal["none", "each", "alternate"]
"""none: no working side; each: one set per side; alternate: sides take turns in one set."""

Check = Literal["full", "partial", "none"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition on one metric, with its patience and its words.

    The value is fine inside [min, max]. It is out when it leaves [min - margin, max + margin],
    and fine again only inside [min, max] (hysteresis). `grace_s` is how long it must stay out
    before it is called a fault.
    """

    id: str
    metric: str
    severity: Severity
    kind: Kind
    accuracy: Accuracy
    margin: float
    grace_s: float
    cue: str
    voice: str
    min: float | None = None
    max: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class HysteresisBand:
    """One end of a repetition on its metric: reached at `enter`, left again at `leave`."""

    enter: float
    leave: float


@dataclass(frozen=True, slots=True)
class SecondCondition:
    """A second condition for the peak of a repetition, on a metric of its own."""

    metric: str
    peak: HysteresisBand


@dataclass(frozen=True, slots=True)
class Reps:
    """How a repetition is recognised.

    A repetition is rest -> peak -> rest on `metric`, which may rise or fall towards the peak.
    Valid when it lasts from `min_s` to `max_s` and the peak is kept for `hold_s`. The rest counts
    once it has lasted `rest_s`: legs that pass each other are taken for one another for a moment.
    `each`: the metric is followed on the left and on the right limb, and both count.
    """

    metric: str
    rest: HysteresisBand
    peak: HysteresisBand
    min_s: float
    max_s: float
    hold_s: float = 0.0
    rest_s: float = 0.0
    each: bool = False
    also: SecondCondition | None = None
    too_small: str = ""
    too_fast: str = "Move like slow water"


@dataclass(frozen=True, slots=True)
class Dose:
    """How much: a hold of `hold_s` seconds, `reps` repetitions (of that hold, if both), or plain
    `time_s` seconds; `sets` times with `rest_s` between."""

    sets: int
    rest_s: float
    hold_s: float | None = None
    reps: int | None = None
    time_s: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the camera stands.

    view        the view in which the rules hold
    tolerance   degrees that the exercise itself may turn the body beyond that view, once begun
    near        which side should be towards the camera: the working, the other, or either
    hint        what to tell the person
    height_m    lens above the floor, from and to; distance_m likewise
    landscape   the body lies along the picture's width
    """

    view: View
    hint: str
    height_m: tuple[float, float]
    distance_m: tuple[float, float]
    near: Literal["work", "other", "either"] = "either"
    landscape: bool = False
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Substitute:
    """What to do instead, for a person with one of `tags`, or with any tag that excludes the
    exercise when `tags` is empty. `eased`: in the easier form of that exercise, as its file says.
    """

    exercise: str
    tags: tuple[str, ...] = ()
    eased: bool = False


GROUPS = ("warmup", "upper", "lower_back", "glutes_hams", "core", "desk", "other")
"""The order in which groups are shown; an exercise of another group comes last."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise, as its file says it.

    substitutes  what takes its place for a person whom `contraindications` exclude, best first
    overhead     the arms go overhead in it, so raising them is no sign to pause
    """

    id: str
    name: str
    group: str
    category: Literal["hold", "reps", "timer"]
    check: Check
    position: str
    sides: Sides
    instructions: tuple[str, ...]
    dose: Dose
    safety: str
    not_checked: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    side_means: str = ""
    easier: str = ""
    harder: str = ""
    contraindications: tuple[str, ...] = ()
    note: str = ""
    why_unchecked: str = ""
    camera: Camera | None = None
    reps: Reps | None = None
    rules: tuple[Rule, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    overhead: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a routine: an exercise with the dose of this routine."""

    exercise: str
    sides: Literal[1, 2] = 1
    view: View | None = None
    hold_s: float | None = None
    reps: int | None = None
    time_s: float | None = None
    sets: int = 1


@dataclass(frozen=True, slots=True)
class Routine:
    """A list of steps. `seconds` is its planned length with lead-ins and rests."""

    id: str
    name: str
    about: str
    seconds: int
    steps: tuple[Step, ...]


POSITIONS = (
    "standing",
    "sitting",
    "chair",
    "quadruped",
    "supine",
    "prone",
    "side-lying",
    "kneeling",
)
"""How the body is placed at the start. Moving from one to another takes time in a session."""

CONTRAINDICATIONS: Mapping[str, str] = {
    "SHO": "Have you had a dislocated or frozen shoulder, or pain in a shoulder?",
    "NECK": "Does your neck hurt, or does turning it make you dizzy?",
    "WRIST": "Does leaning on your hands hurt your wrists?",
    "KNEE": "Do you have a knee replacement, or pain when you kneel?",
    "OSTEO": "Do you have osteoporosis, or have you had a fracture of the spine?",
    "OSTEO_CAUTION": "Are your bones thin, though you have not had a fracture?",
    "DISC": "Do you have a disc problem, or leg pain that bending or sitting makes worse?",
    "STENOSIS": "Do you have spinal stenosis or a slipped vertebra, or does arching back hurt?",
    "THR": "Do you have a hip replacement?",
    "PREG": "Are you pregnant?",
    "HTN": "Do you have high blood pressure that is not under control?",
    "BALANCE": "Have you fallen lately, or do you get dizzy or feel unsteady?",
    "SIJ": "Do you have pain in the joint between the back of the pelvis and the spine?",
    "GLAUCOMA": "Do you have glaucoma or raised pressure in an eye?",
    "ACUTE": "Did your back pain start, or get much worse, in the last few days?",
}
"""Tag -> the question that a person answers once. An exercise lists the tags that exclude it."""
