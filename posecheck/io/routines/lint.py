"""Checks of exercises and routines beyond the types of their fields.

Each check yields (key, reason). Checks also run on drafts, in which a value that could not be read
is NaN, None or empty; the caller discards problems of such values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from math import isnan

from posecheck.body import measure
from posecheck.exercise import (
    AREAS,
    CONTRAINDICATIONS,
    POSITIONS,
    Camera,
    Dose,
    Exercise,
    Lesson,
    Reps,
    Routine,
    RoutineStep,
    Rule,
    View,
)
from posecheck.io.routines.limits import limit_problems, metric_problems
from posecheck.io.routines.problems import KeyPath
from posecheck.suggestion import suggestion

Problems = Iterator[tuple[KeyPath, str]]

CUE_WORDS = 6
"""Longer cues cannot be read or heard in the middle of a stretch."""

FROM: Mapping[View, str] = {
    "front": "the front",
    "side": "the side",
    "oblique": "an oblique view",
}


def exercise_problems(exercise: Exercise, stem: str) -> Problems:
    """Everything wrong with an exercise whose file is called `<stem>.toml`."""
    yield from _id(exercise.id, stem)
    wrong: set[KeyPath] = set()
    for check in (
        _texts,
        _words,
        _areas,
        _review,
        _check,
        _category,
        _dose,
        _camera,
        _all_reps,
        _rules,
        _ways,
        _instead,
    ):
        for key, why in check(exercise):
            wrong.add(key)
            yield key, why
    yield from limit_problems(exercise)
    yield from metric_problems(exercise, wrong)


def substitute_problems(
    exercise: Exercise, exercises: Mapping[str, Exercise], unread: frozenset[str]
) -> Problems:
    """What is wrong with the substitutes of one exercise among all `exercises`.

    `unread`: exercises that exist but are wrong themselves.
    """
    for index, substitute in enumerate(exercise.substitutes):
        key = ("substitutes", index)
        other = exercises.get(substitute.exercise)
        if other is not None:
            if substitute.eased and not other.easier.strip():
                yield (*key, "eased"), f"{other.id} says nothing under easier"
            if way := _way_back(other, exercise.id, exercises):
                circle = " -> ".join((exercise.id, *way))
                yield (*key, "exercise"), f"leads back to {exercise.id}: {circle}"
        elif substitute.exercise not in unread:
            yield (*key, "exercise"), _unknown(substitute.exercise, exercises, unread)


def _way_back(
    start: Exercise, goal: str, exercises: Mapping[str, Exercise]
) -> tuple[str, ...] | None:
    """The ids from one exercise over its substitutes to `goal`, None when none leads there."""
    ways: list[tuple[str, ...]] = [(start.id,)]
    seen = {start.id}
    while ways:
        way = ways.pop()
        if way[-1] == goal:
            return way
        following = {each.exercise for each in exercises[way[-1]].substitutes}
        for name in sorted(following & exercises.keys() - seen):
            seen.add(name)
            ways.append((*way, name))
    return None


def _unknown(name: str, exercises: Mapping[str, Exercise], unread: frozenset[str]) -> str:
    known = tuple(sorted({*exercises, *unread}))
    return f"unknown exercise '{name}'; {suggestion(name, known)}"


def routine_problems(
    routine: Routine, stem: str, exercises: Mapping[str, Exercise], unread: frozenset[str]
) -> Problems:
    """Everything wrong with a routine. `unread`: exercises that exist but are wrong themselves."""
    yield from limit_problems(routine)
    yield from _id(routine.id, stem)
    yield from _filled(("name",), routine.name)
    yield from _filled(("about",), routine.about)
    if not routine.steps:
        yield ("steps",), "a routine needs at least one [[steps]]"
    for index, step in enumerate(routine.steps):
        key = ("steps", index)
        if step.exercise in exercises:
            yield from _step(step, exercises[step.exercise], key)
        elif step.exercise not in unread:
            yield (*key, "exercise"), _unknown(step.exercise, exercises, unread)


def lesson_problems(lesson: Lesson, stem: str) -> Problems:
    """Everything wrong with a lesson."""
    yield from limit_problems(lesson)
    yield from _id(lesson.id, stem)
    yield from _filled(("name",), lesson.name)
    yield from _review(lesson)
    if lesson.order < 1:
        yield ("order",), "must be at least 1"
    for name in ("text", "sources"):
        texts = getattr(lesson, name)
        if not texts:
            yield (name,), "must have at least one text"
        for index, text in enumerate(texts):
            yield from _filled((name, index), text)
    ids = Counter(point.id for point in lesson.checklist)
    for index, point in enumerate(lesson.checklist):
        yield from _filled(("checklist", index, "text"), point.text)
        if not point.id or ids[point.id] > 1:
            yield ("checklist", index, "id"), "must be a name of its own"


def _id(name: str, stem: str) -> Problems:
    if name != stem:
        yield ("id",), f"must be the file's name, '{stem}', not '{name}'"


def _filled(key: KeyPath, text: str) -> Problems:
    if not text.strip():
        yield key, "must not be empty"


def _texts(exercise: Exercise) -> Problems:
    for name in ("name", "group", "safety"):
        yield from _filled((name,), getattr(exercise, name))
    for name in ("instructions", "not_checked", "aliases"):
        for index, text in enumerate(getattr(exercise, name)):
            yield from _filled((name, index), text)
    if not exercise.instructions:
        yield ("instructions",), "must have at least one step"
    if exercise.sides == "each" and not exercise.side_means.strip():
        yield ("side_means",), 'sides = "each" needs it: what "left" names, as in "the crossed leg"'


def _review(exercise: Exercise | Lesson) -> Problems:
    """A review has a name and a day, or neither."""
    by, on = exercise.reviewed_by.strip(), exercise.reviewed_on
    if by and not on:
        yield ("reviewed_on",), 'is missing: the day of the review, as in "2026-01-31"'
    if on and not by:
        yield ("reviewed_by",), "is missing: who has reviewed it"
    if on:
        try:
            known = date.fromisoformat(on).isoformat() == on
        except ValueError:
            known = False
        if not known:
            yield ("reviewed_on",), f"must be a day as in \"2026-01-31\", not '{on}'"


def _words(exercise: Exercise) -> Problems:
    if exercise.position not in POSITIONS:
        why = f"unknown position '{exercise.position}'; {suggestion(exercise.position, POSITIONS)}"
        yield ("position",), why
    tags = tuple(CONTRAINDICATIONS)
    for index, tag in enumerate(exercise.contraindications):
        if tag not in tags:
            yield ("contraindications", index), f"unknown tag '{tag}'; {suggestion(tag, tags)}"
    for index, tag in enumerate(exercise.eased_for):
        if tag not in tags:
            yield ("eased_for", index), f"unknown tag '{tag}'; {suggestion(tag, tags)}"
        elif tag in exercise.contraindications:
            yield ("eased_for", index), f"'{tag}' excludes the exercise already"
    if exercise.eased_for and not exercise.easier.strip():
        yield ("eased_for",), "needs easier: how it is done then"


def _areas(exercise: Exercise) -> Problems:
    for index, area in enumerate(exercise.areas):
        if area not in AREAS:
            yield ("areas", index), f"unknown area '{area}'; {suggestion(area, AREAS)}"


def _instead(exercise: Exercise) -> Problems:
    """Problems of substitutes that one file alone shows; `substitute_problems` has the others."""
    own = exercise.contraindications
    if exercise.substitutes and not own:
        yield ("substitutes",), "are never used: the exercise has no contraindications"
        return
    for index, substitute in enumerate(exercise.substitutes):
        key = ("substitutes", index)
        if substitute.exercise == exercise.id:
            yield (*key, "exercise"), f"{exercise.id} cannot take its own place"
        for place, tag in enumerate(substitute.tags):
            if tag not in own:
                why = f"'{tag}' does not exclude {exercise.id}; {suggestion(tag, own)}"
                yield (*key, "tags", place), why


def _check(exercise: Exercise) -> Problems:
    if exercise.check == "partial" and not exercise.not_checked:
        yield ("not_checked",), 'check = "partial" needs it: what the camera cannot judge'
    if exercise.check == "none" and not exercise.why_unchecked.strip():
        yield ("why_unchecked",), 'check = "none" needs it: why the camera cannot help'
    if exercise.check in ("full", "partial") and exercise.camera is None:
        yield ("camera",), f'check = "{exercise.check}" needs a [camera]'


def _category(exercise: Exercise) -> Problems:
    match exercise.category:
        case "hold":
            if exercise.reps is not None:
                yield ("reps",), 'category = "hold" has no [reps]; say "reps" or remove the table'
            if not exercise.rules:
                yield ("rules",), 'category = "hold" needs at least one rule to time by'
        case "reps":
            if exercise.reps is None:
                yield ("reps",), 'category = "reps" needs a [reps] table'
        case "timer":
            yield from _timer(exercise)
    if exercise.category in ("hold", "reps") and exercise.check == "none":
        yield ("check",), 'check = "none" needs category = "timer"'


def _timer(exercise: Exercise) -> Problems:
    if exercise.check in ("full", "partial"):
        yield ("check",), 'category = "timer" needs check = "none": nothing is measured'
    if exercise.reps is not None:
        yield ("reps",), 'category = "timer" has no [reps]'
    if exercise.rules:
        yield ("rules",), 'category = "timer" has no rules'


def _dose(exercise: Exercise) -> Problems:
    key, dose = ("dose",), exercise.dose
    yield from _amounts(key, dose)
    yield from _fitting(key, dose, exercise)
    if exercise.category == "hold" and dose.hold_s is None:
        yield (*key, "hold_s"), 'category = "hold" needs it'
    if exercise.category == "reps" and dose.reps is None:
        yield (*key, "reps"), 'category = "reps" needs it'
    if exercise.category == "timer" and dose.time_s is None:
        yield (*key, "time_s"), 'category = "timer" needs it'


def _above_zero(key: KeyPath, name: str, value: float | None) -> Problems:
    if value is not None and value <= 0:
        yield (*key, name), f"must be more than 0, not {value:g}"


def _amounts(key: KeyPath, dose: Dose | RoutineStep) -> Problems:
    yield from _above_zero(key, "hold_s", dose.hold_s)
    yield from _above_zero(key, "reps", dose.reps)
    yield from _above_zero(key, "time_s", dose.time_s)


def _fitting(key: KeyPath, dose: Dose | RoutineStep, exercise: Exercise) -> Problems:
    """A hold is dosed in hold_s (and reps of it), repetitions in reps or time_s."""
    if exercise.category == "hold" and dose.time_s is not None:
        yield (*key, "time_s"), f"{exercise.id or 'it'} is a hold: its dose is hold_s"
    if exercise.category == "reps" and dose.hold_s is not None:
        yield (*key, "hold_s"), f"{exercise.id or 'it'} is counted: its dose is reps or time_s"
    if exercise.category == "timer" and dose.hold_s is not None:
        yield (*key, "hold_s"), f"{exercise.id or 'it'} is only timed: its dose is time_s or reps"


def _camera(exercise: Exercise) -> Problems:
    camera = exercise.camera
    if camera is None:
        return
    yield from _filled(("camera", "hint"), camera.hint)
    yield from _span(("camera", "height_m"), camera.height_m)
    yield from _span(("camera", "distance_m"), camera.distance_m)
    if camera.turn is not None:
        yield from _span(("camera", "turn"), camera.turn)
        if not 0.0 <= camera.turn[0] <= camera.turn[1] <= 90.0:
            yield ("camera", "turn"), "must lie between 0 (chest to the camera) and 90 (side-on)"
    if exercise.sides == "none" and camera.near in ("work", "other"):
        yield ("camera", "near"), f'"{camera.near}" needs a working side, but sides = "none"'


def _span(key: KeyPath, span: tuple[float, float]) -> Problems:
    if span[0] > span[1]:
        yield key, f"from ({span[0]:g}) must not be above to ({span[1]:g})"


def _all_reps(exercise: Exercise) -> Problems:
    if exercise.reps is None:
        return
    for check in (_length, _order, _hints):
        yield from check(exercise.reps)
    spec = exercise.reps.metric
    if exercise.reps.each and "." in spec:
        yield ("reps", "metric"), f"each = true follows both limbs: write '{spec.split('.')[0]}'"
    elif exercise.reps.each:
        spec += ".left"
    yield from _metric(("reps", "metric"), spec, exercise)
    if exercise.reps.also is not None:
        yield from _metric(("reps", "also", "metric"), exercise.reps.also.metric, exercise)


def _length(reps: Reps) -> Problems:
    if reps.min_s >= reps.max_s:
        yield ("reps", "min_s"), f"({reps.min_s:g}) must be below max_s ({reps.max_s:g})"
    if reps.hold_s >= reps.max_s:
        yield ("reps", "hold_s"), f"({reps.hold_s:g}) must be below max_s ({reps.max_s:g})"


def _order(reps: Reps) -> Problems:
    """The four thresholds must climb from rest to peak, or fall, as the metric does."""
    ends = (reps.rest.enter, reps.rest.leave, reps.peak.leave, reps.peak.enter)
    if any(map(isnan, ends)):
        return
    sign, less, word = (1, "<", "rises") if ends[3] > ends[0] else (-1, ">", "falls")
    why = (
        f"where the metric {word} to the peak, rest.enter {less}= rest.leave {less} peak.leave "
        f"{less}= peak.enter; here {', '.join(f'{end:g}' for end in ends)}"
    )
    a, b, c, d = (sign * end for end in ends)
    if a > b:
        yield ("reps", "rest"), why
    elif b >= c or c > d:
        yield ("reps", "peak"), why


def _hints(reps: Reps) -> Problems:
    for name, cue in (("too_small", reps.too_small), ("too_fast", reps.too_fast)):
        yield from _short(("reps", name), cue)


def _short(key: KeyPath, cue: str) -> Problems:
    words = len(cue.split())
    if words > CUE_WORDS:
        yield key, f"{words} words; a cue has at most {CUE_WORDS}"


def _rules(exercise: Exercise) -> Problems:
    counts = Counter(rule.id for rule in exercise.rules)
    seen: set[str] = set()
    for index, rule in enumerate(exercise.rules):
        key = ("rules", index)
        if counts[rule.id] > 1 and rule.id in seen:
            yield (*key, "id"), f"'{rule.id}' is the id of another rule too"
        seen.add(rule.id)
        for check in (_rule_texts, _band):
            yield from check(rule, key)
        yield from _metric((*key, "metric"), rule.metric, exercise)


def _ways(exercise: Exercise) -> Problems:
    """Directions belong to repetitions, and the rules of one way to a set that is done so."""
    ways = exercise.way
    if ways and exercise.category != "reps":
        yield ("way",), 'only category = "reps" has it'
    if ways and len(set(ways)) < len(ways):
        yield ("way",), "names a direction twice"
    for index, rule in enumerate(exercise.rules):
        if rule.way is not None and rule.way not in ways:
            yield ("rules", index, "way"), f"'{rule.way}' is not among the exercise's way"


def _rule_texts(rule: Rule, key: KeyPath) -> Problems:
    for name, text in (("id", rule.id), ("cue", rule.cue), ("voice", rule.voice)):
        yield from _filled((*key, name), text)
    yield from _short((*key, "cue"), rule.cue)


def _band(rule: Rule, key: KeyPath) -> Problems:
    if rule.min is None and rule.max is None:
        yield key, "needs min, max or both"
    elif rule.min is not None and rule.max is not None and rule.min >= rule.max:
        yield (*key, "min"), f"min ({rule.min:g}) must be below max ({rule.max:g})"


def _metric(key: KeyPath, spec: str, exercise: Exercise) -> Problems:
    try:
        found = measure.resolve(spec)
    except measure.UnknownMetric as error:
        yield key, str(error)
        return
    if exercise.sides == "none" and found.sided:
        yield key, f'{spec} needs a working side, but sides = "none"'
    camera = exercise.camera
    if camera is not None and camera.view is not None and camera.view not in found.views:
        yield key, f"{spec} cannot be seen from {FROM[camera.view]}"


def _step(step: RoutineStep, exercise: Exercise, key: KeyPath) -> Problems:
    yield from _amounts(key, step)
    yield from _fitting(key, step, exercise)
    if step.sides == 2 and exercise.sides != "each":
        why = f'{exercise.id} has sides = "{exercise.sides}": it is not done side by side'
        yield (*key, "sides"), why
    if step.bouts and exercise.category != "hold":
        yield (*key, "bouts"), f"{exercise.id} is no hold"
    elif step.bouts and sum(step.bouts) != step.sets:
        why = f"are {sum(step.bouts)} holds, and sets = {step.sets}; they must be equal"
        yield (*key, "bouts"), why
    yield from _step_view(step, exercise.camera, key)


def _step_view(step: RoutineStep, camera: Camera | None, key: KeyPath) -> Problems:
    if step.view is None or camera is None or step.view == camera.view:
        return
    why = f'{step.exercise} is judged from {FROM[camera.view]}: view = "{camera.view}", or none'
    yield (*key, "view"), why
