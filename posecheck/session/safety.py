"""Safety questions before a session, and the routine that suits the answers.

The user's tags (`exercise.CONTRAINDICATIONS`) exclude exercises, and substitutes take their place.
A level changes the amounts. On a sore day the gentle routine is offered. Rules and their limits are
never changed: nothing here makes a stop rule wider. Durations are seconds, pain is 0 (none) to 10
(worst). The numbers are those of biomechanics 4.1 to 4.5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from posecheck.exercise import Exercise, Routine, RoutineStep
from posecheck.session.plan import BOUT_PAUSE_S

SCREENING: tuple[str, ...] = (
    "ask_surgery",
    "ask_osteoporosis",
    "ask_joint",
    "ask_pregnancy",
    "ask_heart",
    "ask_dizzy",
    "ask_illness",
    "ask_treatment",
    "ask_leg",
)
"""Phrases of the questions before the first session, each shown once. If any answer is yes,
`ask_advice` follows."""

EMERGENCY: tuple[str, ...] = (
    "emergency_numb",
    "emergency_bladder",
    "emergency_sexual",
    "emergency_legs",
    "emergency_chest",
    "emergency_accident",
    "emergency_act",
)
"""Phrases of the emergency text, which can be opened at any time: the signs that need a hospital,
as the NHS page "Back pain" and the NHS card for cauda equina syndrome list them, and what to do."""

SEE_SOON: tuple[str, ...] = (
    "soon_ill",
    "soon_lump",
    "soon_night",
    "soon_cough",
    "soon_place",
    "soon_weeks",
    "soon_act",
)
"""Phrases of the text below it: the signs for which the NHS advises to see a doctor soon, and what
to do."""

DISCLAIMER = "disclaimer"
"""Phrase that says what posecheck is and is not, for the first start and the about page."""

GENTLE = "gentle"
"""Id of the routine that is offered on a sore day."""
GENTLES = (GENTLE, "gentle_bending", "gentle_arching")
"""Ids of the routines for a sore day: without bending and arching far, and for users whom bending
or arching eases. No level changes their amounts: they are small on purpose."""
GENTLE_FROM = 7
"""Minimum pain today at which the gentle routine is offered."""
GENTLE_ABOVE = 3
"""It is also offered when pain today is above the user's own median by at least this much."""


def wants_gentle(today: int, past: Sequence[int]) -> bool:
    """Whether to offer the gentle routine. `today`, `past`: pain of 0 to 10 today and on earlier
    days, of which there may be none."""
    if today >= GENTLE_FROM:
        return True
    return bool(past) and today - median(past) >= GENTLE_ABOVE


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a routine that the user's tags have changed.

    step      index of the step in the routine as written; the substitute may have another place
    exercise  id of the planned exercise
    instead   id of the substitute, "" when the step is left out
    tags      the user's tags that exclude the exercise, in the order of its file
    eased     what is done is done in its easier form; with `instead` the exercise itself, that is
              the whole change
    """

    step: int
    exercise: str
    instead: str
    tags: tuple[str, ...]
    eased: bool = False


MORE_MOVES = 1
"""Maximum number of moves between standing, chair and floor that substitutes may add to a routine.
A chair for one exercise between standing and floor is worth it; getting down to the floor twice is
not."""


WALK = "walking"
"""Id of the exercise that nothing excludes: WHO 2023 and NICE NG59 want people with back pain to
stay active, whatever else they have."""
ALWAYS_OPEN: tuple[str, ...] = (
    WALK,
    "relaxed_breathing",
    "seated_pelvic_tilts",
    "shoulder_rolls",
)
"""Exercises that stay open while the answers to the safety questions lock the rest: walking, calm
breathing and small movements without load, which no answer excludes (biomechanics 4.4)."""
WALK_STEP_S = 30.0
"""Step in which a walk grows."""
LEAST_SHARE = 2 / 3
"""Minimum share of the time of a routine that any answers to the safety questions leave. Where the
substitutes do not reach it, a walk does."""


def suited(
    routine: Routine, exercises: Mapping[str, Exercise], tags: Collection[str]
) -> tuple[Routine, tuple[Change, ...]]:
    """The routine without the exercises that the tags exclude, and the changes, in written order.

    An excluded exercise is replaced by the first of its substitutes that all tags allow and that
    the routine does not contain. A substitute that is itself excluded is replaced by its own
    substitutes. A substitute that adds moves between standing, chair and floor is put where it adds
    the fewest; if these are still more than `MORE_MOVES`, the next substitute is tried. Without a
    substitute the step is left out. When less than `LEAST_SHARE` of the written time is then left,
    a walk takes the place of the first such step, if the exercises have one.
    """
    written = _moves([exercises[step.exercise] for step in routine.steps])
    placed: list[_Placed] = []
    excluded: list[_Placed] = []
    changes: list[Change] = []
    for index, step in enumerate(routine.steps):
        exercise = exercises[step.exercise]
        out = _reasons(exercise, tags)
        (excluded if out else placed).append((index, step))
        if not out and (easier_for := _eased_for(exercise, tags)):
            changes.append(Change(index, exercise.id, exercise.id, easier_for, eased=True))
    for index, step in excluded:
        exercise = exercises[step.exercise]
        instead, eased = "", False
        for other, easier in _allowed(exercise, exercises, tags, {exercise.id}):
            slot = _slot(index, other, placed, exercises, written)
            if slot is not None:
                placed.insert(slot, (index, _fitted(step, exercise, other)))
                instead, eased = other.id, easier
                break
        changes.append(Change(index, exercise.id, instead, _reasons(exercise, tags), eased))
    if not changes:
        return routine, ()
    changes.sort(key=lambda change: change.step)
    changes = _with_a_walk(routine, exercises, placed, changes)
    return with_steps(routine, exercises, [step for _, step in placed]), tuple(changes)


def replacement(
    exercise: Exercise, exercises: Mapping[str, Exercise], tags: Collection[str]
) -> tuple[Exercise | None, bool] | None:
    """What a user with these tags does instead of an exercise, and whether in its easier form.
    None when the exercise suits them as it is; the exercise itself when only its easier form does;
    (None, False) when nothing replaces it."""
    if not _reasons(exercise, tags):
        return (exercise, True) if _eased_for(exercise, tags) else None
    return next(_allowed(exercise, exercises, tags, {exercise.id}), (None, False))


def _with_a_walk(
    routine: Routine,
    exercises: Mapping[str, Exercise],
    placed: list[_Placed],
    changes: list[Change],
) -> list[Change]:
    """The changes, with a walk for the first step that was left out when too little time is left.
    The walk is added to `placed`. It is as long as is missing, in steps of `WALK_STEP_S`."""
    walk = exercises.get(WALK)
    dropped = next((i for i, change in enumerate(changes) if not change.instead), None)
    if walk is None or dropped is None or any(step.exercise == WALK for _, step in placed):
        return changes
    wanted_s = LEAST_SHARE * planned_s(routine, exercises)
    left = with_steps(routine, exercises, [step for _, step in placed])
    if planned_s(left, exercises) >= wanted_s:
        return changes
    at = changes[dropped].step
    written = _moves([exercises[step.exercise] for step in routine.steps])
    slot = _slot(at, walk, placed, exercises, written)
    if slot is None:
        return changes
    time_s = WALK_STEP_S
    step = RoutineStep(WALK, time_s=time_s)
    steps = [each for _, each in placed]
    while planned_s(
        with_steps(routine, exercises, [*steps[:slot], step, *steps[slot:]]), exercises
    ) < (wanted_s):
        time_s += WALK_STEP_S
        step = replace(step, time_s=time_s)
    placed.insert(slot, (at, step))
    return [replace(c, instead=WALK) if i == dropped else c for i, c in enumerate(changes)]


_Placed = tuple[int, RoutineStep]
"""A step, and the index in the written routine of the step that it is or replaces."""


def _slot(
    index: int,
    other: Exercise,
    placed: Sequence[_Placed],
    exercises: Mapping[str, Exercise],
    written: int,
) -> int | None:
    """The index at which a substitute is inserted among the steps so far; None when it must not be
    added.

    It keeps the place of the step that it replaces if that makes at most `written` moves, or if no
    other place makes fewer. Otherwise it takes the place with the fewest moves; among equals the
    one with the fewest changes of position, and then the nearest.
    """
    chosen = [exercises[step.exercise] for _, step in placed]
    if any(each.id == other.id for each in chosen):
        return None

    def distance(slot: int) -> int:
        return sum((at > index) == (i < slot) for i, (at, _) in enumerate(placed))

    def moves(slot: int) -> int:
        return _moves([*chosen[:slot], other, *chosen[slot:]])

    def cost(slot: int) -> tuple[int, int, int]:
        turns = _turns([*chosen[:slot], other, *chosen[slot:]])
        return moves(slot), turns, distance(slot)

    slots = range(len(placed) + 1)
    own, best = min(slots, key=distance), min(slots, key=cost)
    if moves(own) <= max(written, moves(best)):
        best = own
    return best if moves(best) <= written + MORE_MOVES else None


def _moves(chosen: Sequence[Exercise]) -> int:
    """Number of changes between standing, chair and floor."""
    places = [each.position if each.position in UP else "floor" for each in chosen]
    return sum(a != b for a, b in pairwise(places))


def _turns(chosen: Sequence[Exercise]) -> int:
    """Number of changes of position, including those on the floor."""
    positions = [LIKE.get(each.position, each.position) for each in chosen]
    return sum(a != b for a, b in pairwise(positions))


def _eased_for(exercise: Exercise, tags: Collection[str]) -> tuple[str, ...]:
    return tuple(tag for tag in exercise.eased_for if tag in tags)


def _reasons(exercise: Exercise, tags: Collection[str]) -> tuple[str, ...]:
    return tuple(tag for tag in exercise.contraindications if tag in tags)


def _allowed(
    exercise: Exercise, exercises: Mapping[str, Exercise], tags: Collection[str], seen: set[str]
) -> Iterator[tuple[Exercise, bool]]:
    """The substitutes that all tags allow, best first, each with whether it is done in its easier
    form. `seen`: ids already visited, so that circular substitutes end."""
    reasons = _reasons(exercise, tags)
    for substitute in exercise.substitutes:
        name = substitute.exercise
        meant = not substitute.tags or set(substitute.tags) & set(reasons)
        if name in seen or not meant:
            continue
        seen.add(name)
        other = exercises[name]
        if _reasons(other, tags):
            yield from _allowed(other, exercises, tags, seen)
        else:
            yield other, substitute.eased or bool(_eased_for(other, tags))


def _fitted(step: RoutineStep, exercise: Exercise, other: Exercise) -> RoutineStep:
    """The step with another exercise. Amounts are kept where both are dosed alike; a hold is never
    longer than the substitute's own."""
    dose = other.dose
    both = other.sides == "each" and (step.sides == 2 or exercise.sides != "each")
    view = other.camera.view if other.camera else None
    fitted = RoutineStep(other.id, 2 if both else 1, view)
    alike = exercise.category == other.category
    if alike and exercise.sides == other.sides:
        hold_s = _least(step.hold_s, dose.hold_s)
        same = replace(fitted, hold_s=hold_s, reps=step.reps, time_s=step.time_s, sets=step.sets)
        return replace(same, rest_s=step.rest_s)
    if other.category == "hold":
        hold_s = _least(step.hold_s, dose.hold_s) if alike else dose.hold_s
        return replace(fitted, hold_s=hold_s, sets=dose.sets * _holds(other))
    return replace(fitted, reps=dose.reps, time_s=dose.time_s, sets=dose.sets)


def _least(wanted: float | None, most: float | None) -> float | None:
    return most if wanted is None or most is None else min(wanted, most)


def _holds(exercise: Exercise) -> int:
    """Number of holds in one set; `sets` of a routine counts single holds."""
    return (exercise.dose.reps or 1) if exercise.category == "hold" else 1


LEVELS = (1, 2, 3)
"""1 for beginners, 2 as the routine is written, 3 more. The amounts and lengths of the routines in
biomechanics 4.2 are those of level 2."""
START_STRETCH_S = 20.0
"""Maximum hold of a stretch at level 1: 15 to 20 s (4.5)."""
START_CORE_S = 10.0
"""Maximum hold of a strength pose at level 1: the 10 s bouts that McGill begins with (4.5)."""
START_REPS = 5
"""Minimum number of repetitions at level 1: NHS inform starts with 5."""
REPS_STEP = 2
"""Number of repetitions between two levels: "+1 to 2 every few sessions" (NHS inform, 4.5)."""
MORE_STRETCH_S, MORE_STRETCH_SETS = 30.0, 2
"""Minimum hold and sets of a stretch at level 3, towards 60 s per muscle group (ACSM, 4.5)."""
CORE_STEP_S = 10.0
"""Level 3 adds 10 s to the hold of a strength pose. A hold of up to 10 s is repeated once more
instead, because repeats come before longer holds (4.5) and 10 s is the maximum for high blood
pressure (4.4)."""
CORE = "core"
"""Group of the holds that need strength. Holds of the other groups are stretches."""


def levelled(routine: Routine, exercises: Mapping[str, Exercise], level: int) -> Routine:
    """The routine with the amounts of a level; a level that is not in `LEVELS` counts as 2.

    The number of sets of repetitions is unchanged, because two sets may be the two directions of a
    movement; at level 3 an exercise whose dose has `full_sets` gets these. Timed exercises, the
    gentle routines and routines with `fixed` are unchanged too.
    """
    change = {1: _started, 3: _extended}.get(level)
    if change is None or routine.fixed or routine.id in GENTLES:
        return routine
    return with_steps(routine, exercises, [change(s, exercises[s.exercise]) for s in routine.steps])


def _started(step: RoutineStep, exercise: Exercise) -> RoutineStep:
    if exercise.category == "reps":
        reps = step.reps
        return (
            step
            if reps is None
            else replace(step, reps=min(reps, max(START_REPS, reps - REPS_STEP)))
        )
    if exercise.category == "timer":
        return step
    most = START_CORE_S if exercise.group == CORE else START_STRETCH_S
    hold_s = _least(step.hold_s or exercise.dose.hold_s, most)
    return replace(step, hold_s=hold_s, sets=min(step.sets, _holds(exercise)), bouts=())


def _extended(step: RoutineStep, exercise: Exercise) -> RoutineStep:
    if exercise.category == "reps":
        dose = exercise.dose
        # A step with fewer repetitions than the dose, as in a desk break, is short on purpose.
        whole = step.reps is None or step.reps >= (dose.reps or 0)
        sets = max(step.sets, dose.full_sets or 0) if whole else step.sets
        reps = None if step.reps is None else step.reps + REPS_STEP
        return replace(step, reps=reps, sets=sets)
    if exercise.category == "timer":
        return step
    hold_s = step.hold_s or exercise.dose.hold_s or 0.0
    if exercise.group != CORE:
        hold_s, sets = max(hold_s, MORE_STRETCH_S), max(step.sets, MORE_STRETCH_SETS)
        return replace(step, hold_s=hold_s, sets=sets, bouts=())
    if hold_s <= CORE_STEP_S:
        bouts = (step.bouts[0] + 1, *step.bouts[1:]) if step.bouts else ()
        return replace(step, sets=step.sets + 1, bouts=bouts)
    return replace(step, hold_s=hold_s + CORE_STEP_S)


LEAD_SAME_S, LEAD_VIEW_S, LEAD_FLOOR_S, LEAD_UP_DOWN_S = 6.0, 10.0, 15.0, 30.0
"""Time to get into place (4.1): in the same position, for a new view, for a new position on the
floor, and between standing and the floor. A change of sides counts as the same position."""
UP = frozenset(("standing", "chair"))
"""Positions off the floor."""
LIKE: Mapping[str, str] = {"kneeling": "quadruped"}
"""Positions that count as another one, because changing between the two takes no time."""
REP_OF_LONGEST = 0.5
"""Length of a calm repetition as a share of the longest one that counts. It is within 25 % of the
times in biomechanics 4.2, for all exercises that have one (1.6 s an arm circle, 8 s a cat-cow)."""


def planned_s(routine: Routine, exercises: Mapping[str, Exercise]) -> float:
    """Planned length of a routine, seconds, including lead-ins and rests, if every set succeeds
    without delay."""
    chosen = [exercises[step.exercise] for step in routine.steps]
    leads = [LEAD_SAME_S] * bool(chosen) + [lead_s(a, b) for a, b in pairwise(chosen)]
    works = (step_s(step, each) for step, each in zip(routine.steps, chosen, strict=True))
    return sum(leads) + sum(works)


def lead_s(before: Exercise, after: Exercise) -> float:
    """Seconds to get from the place of one exercise into that of another."""
    was, now = (LIKE.get(each.position, each.position) for each in (before, after))
    if (was in UP) != (now in UP):
        return LEAD_UP_DOWN_S
    if was != now and now not in UP:
        return LEAD_FLOOR_S
    seen = (before.camera, after.camera)
    views = {camera.view for camera in seen if camera is not None}
    return LEAD_VIEW_S if len(views) > 1 else LEAD_SAME_S


def step_s(step: RoutineStep, exercise: Exercise) -> float:
    """Planned seconds for all sets of a step and the pauses between them, without the way into its
    place."""
    each = exercise.sides == "each"
    sides = step.sides if each else 1
    count, turns = step.sets * sides, len(step.turns) * sides
    rest_s = exercise.dose.rest_s if step.rest_s is None else step.rest_s
    between_s = LEAD_SAME_S if each and step.sides == 2 else rest_s
    pauses_s = (count - turns) * min(BOUT_PAUSE_S, between_s) + (turns - 1) * between_s
    return count * _set_s(step, exercise) + pauses_s


def own_step(exercise: Exercise) -> RoutineStep:
    """A step with the exercise's own dose, on both sides where it has sides."""
    dose = exercise.dose
    both = exercise.sides == "each"
    # A set of repetitions goes by the clock where its dose has a time.
    sets = dose.sets * _holds(exercise)
    return RoutineStep(exercise.id, 2 if both else 1, sets=sets, time_s=dose.time_s)


def _set_s(step: RoutineStep, exercise: Exercise) -> float:
    dose, reps = exercise.dose, exercise.reps
    if exercise.category == "hold":
        return step.hold_s or dose.hold_s or 0.0
    if reps is None or step.time_s is not None:
        return step.time_s or dose.time_s or 0.0
    return (step.reps or dose.reps or 0) * REP_OF_LONGEST * reps.max_s


def with_steps(
    routine: Routine, exercises: Mapping[str, Exercise], steps: Sequence[RoutineStep]
) -> Routine:
    """The routine with these steps and their planned length."""
    made = replace(routine, steps=tuple(steps))
    return replace(made, seconds=round(planned_s(made, exercises)))
