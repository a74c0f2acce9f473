"""Exercises and routines as data: the schema of the files under `routines/`.

Frozen values only. `io/routines/load.py` fills them from TOML and reports the mistakes of a file;
`body/metrics.py` has the metrics that rules name. Angles are in degrees, durations in seconds,
lengths in metres; ratios have no unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

View = Literal["front", "side", "oblique"]
"""What is towards the camera: chest or back, a flank, or something between."""

Severity = Literal["gate", "must", "advice", "stop"]
"""What a broken rule means. gate: the person is not in position yet; must: the timer stops; advice:
a cue while the timer runs; stop: beyond the safe range, the timer stops, this cue comes first."""

RuleKind = Literal["setup", "alignment", "range", "limit"]
"""What a rule is about. Only `range` may be eased to the person's own range of today."""

Accuracy = Literal["A", "B", "C"]
"""Expected error of the metric: A up to 8 degrees, B 8 to 15 degrees, C more or indirect."""

Way = Literal["forwards", "backwards"]
"""The direction of a circle: forwards goes over the top to the front."""

Sides = Literal["none", "each", "alternate"]
"""none: no working side; each: one set per side; alternate: sides take turns in one set."""

UPRIGHT_POSITIONS = ("standing", "sitting", "chair")
"""Positions in which the trunk is upright at the start."""

Check = Literal["full", "partial", "none"]
"""How much of an exercise the camera judges."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition on one metric, with its delay and its texts.

    The value is fine inside [min, max]; None is no limit. It is out when it leaves
    [min - margin, max + margin], and fine again only inside [min, max] (hysteresis). After
    `grace_s` seconds out it is a fault. `min`, `max` and `margin` have the unit of the metric.

    if_seen  the rule excludes another exercise: it counts only while its metric is known, and its
             joints need not be in the picture
    way      the rule holds only in sets that are done this way; None for all sets
    """

    id: str
    metric: str
    severity: Severity
    kind: RuleKind
    accuracy: Accuracy
    margin: float
    grace_s: float
    cue: str
    voice: str
    min: float | None = None
    max: float | None = None
    why: str = ""
    if_seen: bool = False
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class HysteresisBand:
    """One end of a repetition on its metric: reached at `enter`, left at `leave`, in its unit."""

    enter: float
    leave: float


@dataclass(frozen=True, slots=True)
class SecondCondition:
    """A second condition for the peak of a repetition, on another metric."""

    metric: str
    peak: HysteresisBand


@dataclass(frozen=True, slots=True)
class Reps:
    """How a repetition is recognised.

    A repetition is rest -> peak -> rest on `metric`, which may rise or fall towards the peak. It
    counts when it lasts from `min_s` to `max_s` and the peak is kept for `hold_s`. The rest ends a
    repetition once it has lasted `rest_s`: the model mistakes legs that pass each other for one
    another for a moment.

    each       the metric is followed on the left and on the right limb, and both count
    also       a second condition for the peak
    too_small, too_fast   what to say then
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
    too_fast: str = "Move more slowly"

    @property
    def limbs(self) -> tuple[str, ...]:
        """The metric of each limb that is followed, with its side."""
        each = (f"{self.metric}.left", f"{self.metric}.right")
        return each if self.each else (self.metric,)

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that a repetition is recognised by, with their sides."""
        return (*self.limbs, self.also.metric) if self.also else self.limbs


@dataclass(frozen=True, slots=True)
class Dose:
    """How much: a hold of `hold_s` seconds, `reps` repetitions (of that hold, if both are given),
    or `time_s` seconds by the clock; `sets` times with `rest_s` between. `source`: its origin.
    `full_sets`: sets of the full dose, which level 3 gives; None for `sets`.
    """

    sets: int
    rest_s: float
    hold_s: float | None = None
    reps: int | None = None
    time_s: float | None = None
    full_sets: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the camera stands.

    view        the view in which the rules hold
    hint        what to tell the person
    height_m    height of the lens above the floor, metres, from and to
    distance_m  distance of the lens from the body, metres, from and to
    near        the side that should be towards the camera: the working one, the other, or either
    landscape   the body lies along the picture's width
    tolerance   degrees by which the exercise itself may turn the body beyond the view, once begun
    turn        degrees of `view_turn`, from and to, in which the rules hold, where they were
                measured; None for the usual band of the view
    """

    view: View
    hint: str
    height_m: tuple[float, float]
    distance_m: tuple[float, float]
    near: Literal["work", "other", "either"] = "either"
    landscape: bool = False
    tolerance: float = 0.0
    turn: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Substitute:
    """What to do instead, for a person with one of `tags`; when `tags` is empty, with any tag that
    excludes the exercise. `eased`: in the easier form of that exercise, as its file describes it.
    """

    exercise: str
    tags: tuple[str, ...] = ()
    eased: bool = False


GROUPS = ("warmup", "upper", "lower_back", "glutes_hams", "core", "desk", "other")
"""The order in which groups are shown; any other group comes last."""


AREAS = (
    "neck",
    "shoulders",
    "chest",
    "arms",
    "upper_back",
    "lower_back",
    "abdomen",
    "hips",
    "buttocks",
    "thighs_front",
    "thighs_back",
)
"""Parts of the body that an exercise stretches, moves or strengthens, from the head down."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise, as its file describes it; the keys are explained in `routines/README.md`.

    areas        of AREAS, the most important first
    eased_for    tags of people who may do it in its easier form, and in no other
    substitutes  what replaces it for a person whom its `contraindications` exclude, best first
    overhead     the arms go overhead in it, so that raising them is no sign to pause
    way          the direction of each set in turn, where a movement has one
    reviewed_by  name and profession of the clinician who has read the file; "" for nobody yet
    reviewed_on  day of the review, YYYY-MM-DD; "" for none
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
    areas: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    side_means: str = ""
    easier: str = ""
    harder: str = ""
    contraindications: tuple[str, ...] = ()
    eased_for: tuple[str, ...] = ()
    note: str = ""
    why_unchecked: str = ""
    camera: Camera | None = None
    reps: Reps | None = None
    rules: tuple[Rule, ...] = ()
    substitutes: tuple[Substitute, ...] = ()
    overhead: bool = False
    way: tuple[Way, ...] = ()
    reviewed_by: str = ""
    reviewed_on: str = ""


@dataclass(frozen=True, slots=True)
class RoutineStep:
    """One step of a routine: an exercise with the dose that this routine gives it; None is the
    exercise's own dose. `sides`: 2 for one set on each side. `bouts`: the holds of each bout, whose
    sum is `sets`; a side is held so often before it changes. () for one hold at a time. `rest_s`:
    seconds between two sets of the step."""

    exercise: str
    sides: Literal[1, 2] = 1
    view: View | None = None
    hold_s: float | None = None
    reps: int | None = None
    time_s: float | None = None
    sets: int = 1
    bouts: tuple[int, ...] = ()
    rest_s: float | None = None

    @property
    def turns(self) -> tuple[int, ...]:
        """The holds in a row on a side, for each turn of the sides."""
        return self.bouts or (1,) * self.sets


@dataclass(frozen=True, slots=True)
class Routine:
    """A list of steps. `seconds` is the planned length including lead-ins and rests. `fixed`: no
    level changes the amounts, because the user has chosen them."""

    id: str
    name: str
    about: str
    seconds: int
    steps: tuple[RoutineStep, ...]
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class ChecklistPoint:
    """A point of a checklist. `camera`: what the camera may say about it, "" for nothing."""

    id: str
    text: str
    camera: Literal["distance", "height", "square", ""] = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Something to read or hear within about a minute.

    order        lessons are offered in this order, one a week
    text         its paragraphs
    sources      what they rest on
    reviewed_by, reviewed_on  as in `Exercise`
    """

    id: str
    order: int
    name: str
    text: tuple[str, ...]
    sources: tuple[str, ...]
    checklist: tuple[ChecklistPoint, ...] = ()
    reviewed_by: str = ""
    reviewed_on: str = ""


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
"""The position of the body at the start. Changing from one to another takes time in a session."""

THINGS = ("mat", "chair", "strap", "roller", "bike", "dumbbells")
"""Equipment that an exercise may need."""

CONTRAINDICATIONS = (
    "SHO",
    "NECK",
    "WRIST",
    "KNEE",
    "KNEE_REPLACED",
    "OSTEO",
    "OSTEO_CAUTION",
    "DISC",
    "STENOSIS",
    "THR",
    "PREG",
    "HTN",
    "BALANCE",
    "SIJ",
    "GLAUCOMA",
    "ACUTE",
)
"""The tags of a user. The phrase `tag_` and the tag is the question that the user answers once. An
exercise lists the tags that exclude it and those that need its easier form."""
