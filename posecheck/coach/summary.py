"""The closing summary of a session: what came of it, exercise by exercise.

Seconds that were right, wrong, unknown and unchecked are never mixed. Of each exercise the summary
names the one fault that cost most and how to mend it, and shows its worst moment as a skeleton.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from posecheck.coach.annotations import annotate
from posecheck.coach.tally import SetStats, score_words
from posecheck.coach.wording import short_name
from posecheck.exercise import Rule, Severity
from posecheck.pose import Joint, Pose, Side
from posecheck.session.form import excess, worst
from posecheck.session.session import SessionView

SecondsPart = Literal["correct", "wrong", "cant_tell", "unchecked"]
SECONDS_PARTS: tuple[SecondsPart, ...] = ("correct", "wrong", "cant_tell", "unchecked")
"""The four kinds of seconds, in the order they are shown."""

RANK: Mapping[Severity, int] = {"stop": 3, "must": 2, "gate": 1, "advice": 0}
"""Of two faults that lasted equally long the summary names the one of higher rank."""
SHORTEST_S = 0.5
"""A shorter time rounds to 0 s and is not shown."""
HIDDEN_HEADLINE_S = 8.0
"""Less time out of sight does not change the headline of a session."""
PAIN = "pain"


@dataclass(frozen=True, slots=True, eq=False)
class Worst:
    """The worst moment of a fault: a skeleton, never a picture.

    pose   pixels of the camera's picture, unmirrored; trusted joints only, without mask
    lines  chains of joints that were wrong
    words  "about 30°, wanted 35 to 55°"; "" where no number can be given
    """

    pose: Pose
    lines: tuple[tuple[Joint, ...], ...]
    words: str


@dataclass(frozen=True, slots=True)
class ExerciseSummary:
    """One exercise of the session: all its sets and sides together. Times in seconds.

    sides        "your left", "both sides"; "" where the exercise has none
    reps_wanted  of the sets begun; None for holds, plain time and open-ended sets, and where a set
                 went on without form check: nothing was counted there
    not_counted  why movements were not counted ("too_small", ...) and how many, most first
    form         "steady", "good", "keep practising"; "" where nothing was judged
    fault        the cue of the fault that lasted longest, "" for none
    fault_s      how long it lasted after the set had begun
    tip          how to mend it, and why
    eased        a target was moved to the user's own range
    note         words about a set that went otherwise than planned, "" for none
    """

    exercise: str
    name: str
    sides: str
    checked: bool
    correct_s: float
    wrong_s: float
    cant_tell_s: float
    unchecked_s: float
    reps: int
    reps_wanted: int | None
    not_counted: tuple[tuple[str, int], ...]
    form: str
    fault: str
    fault_s: float
    tip: str
    worst: Worst | None
    eased: bool
    note: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A session when it is over.

    lines  one for each exercise, in the order they were begun; the four kinds of seconds are the
           sums over them
    notes  sentences for the end
    """

    name: str
    headline: str
    correct_s: float
    wrong_s: float
    cant_tell_s: float
    unchecked_s: float
    lines: tuple[ExerciseSummary, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FaultMoment:
    """A frame in which a rule was a fault.

    beyond    how far outside its limits, in margins of the rule
    returned  the form was right again later in the same set
    """

    rule: Rule
    side: Side | None
    near: Side | None
    values: Mapping[str, float]
    pose: Pose
    beyond: float
    returned: bool = False

    @property
    def rank(self) -> tuple[bool, float]:
        return self.returned, self.beyond


FaultKey = tuple[str, str]
"""Exercise id and rule id."""


class WorstMoments:
    """Remembers for each rule of each exercise the frame in which it was farthest outside.

    Only frames of a set from its first right second on are remembered. A frame after the last right
    second may be the way out of the pose; it is kept only while there is no other. One skeleton for
    each rule at most.
    """

    def __init__(self) -> None:
        self._kept: dict[FaultKey, FaultMoment] = {}
        self._pending: dict[FaultKey, FaultMoment] = {}
        self._sets_begun = -1
        self._begun = False

    def update(self, view: SessionView, pose: Pose | None) -> None:
        """One frame. Frames without a pose, or blind, are left out."""
        if view.sets_begun != self._sets_begun:
            self._settle(returned=False)
            self._sets_begun, self._begun = view.sets_begun, False
        self._begun = self._begun or view.progress.state == "active"
        if self._begun and pose is not None and view.phase == "work" and not view.blind:
            self._look(view, pose)
        if view.progress.state in ("active", "done"):
            self._settle(returned=True)

    def of(self, exercise: str, rule: str) -> FaultMoment | None:
        """The worst moment of a rule of an exercise, by ids; None when it was never a fault."""
        key = exercise, rule
        found = [each[key] for each in (self._kept, self._pending) if key in each]
        return max(found, key=lambda moment: moment.rank, default=None)

    def _look(self, view: SessionView, pose: Pose) -> None:
        exercise = view.planned.exercise
        for rule in exercise.rules:
            if rule.id not in view.verdict.faults or rule.id in view.verdict.unseen:
                continue
            beyond = excess(rule, worst(rule, view.values)) / (rule.margin or 1.0)
            before = self._pending.get((exercise.id, rule.id))
            if beyond > (before.beyond if before else 0.0):
                self._pending[exercise.id, rule.id] = FaultMoment(
                    rule=rule,
                    side=view.planned.side,
                    near=view.near,
                    values=dict(view.values),
                    pose=replace(pose, mask=None),
                    beyond=beyond,
                )

    def _settle(self, returned: bool) -> None:
        for key, moment in self._pending.items():
            moment = replace(moment, returned=returned)
            before = self._kept.get(key)
            if before is None or moment.rank > before.rank:
                self._kept[key] = moment
        self._pending.clear()


def summarise(
    name: str,
    sets: Sequence[SetStats],
    worst: WorstMoments,
    phrases: Mapping[str, str],
    *,
    eased: Collection[str] = (),
    outcomes: Mapping[str, str] | None = None,
    extra: Sequence[str] = (),
) -> Summary:
    """The summary of a session from the statistics of its sets, in the order they were begun.

    eased     ids of exercises whose target was moved to the user's own range
    outcomes  exercise id -> what went otherwise than planned, as in `SetOutcome`
    extra     sentences for the end
    """
    outcomes = outcomes or {}
    by_exercise: dict[str, list[SetStats]] = {}
    for set_stats in sets:
        by_exercise.setdefault(set_stats.planned.exercise.id, []).append(set_stats)
    lines = tuple(
        _line(each, worst, phrases, key in eased, outcomes.get(key, ""))
        for key, each in by_exercise.items()
    )
    correct, wrong, cant_tell, unchecked = (
        sum(getattr(line, f"{part}_s") for line in lines) for part in SECONDS_PARTS
    )
    return Summary(
        name=name,
        headline=phrases[_headline(lines, PAIN in outcomes.values())],
        correct_s=correct,
        wrong_s=wrong,
        cant_tell_s=cant_tell,
        unchecked_s=unchecked,
        lines=lines,
        notes=tuple(extra),
    )


def _line(
    sets: Sequence[SetStats],
    moments: WorstMoments,
    phrases: Mapping[str, str],
    eased: bool,
    note: str,
) -> ExerciseSummary:
    exercise = sets[0].planned.exercise
    rule, fault_s = _costliest(sets)
    rejected = sum((set_stats.rejected for set_stats in sets), start=type(sets[0].rejected)())
    moment = moments.of(exercise.id, rule.id) if rule else None
    return ExerciseSummary(
        exercise=exercise.id,
        name=short_name(exercise),
        sides=_sides(sets, phrases),
        checked=sets[0].checked,
        correct_s=sum(set_stats.correct_s for set_stats in sets),
        wrong_s=sum(set_stats.wrong_s for set_stats in sets),
        cant_tell_s=sum(set_stats.cant_tell_s for set_stats in sets),
        unchecked_s=sum(set_stats.unchecked_s for set_stats in sets),
        reps=sum(max(a.progress.reps for a in tries) for tries in _tries(sets)),
        reps_wanted=_reps_wanted(sets),
        not_counted=tuple((why, count) for why, count in rejected.most_common()),
        form=_form(sets),
        fault=rule.cue if rule else "",
        fault_s=fault_s,
        tip=f"{rule.voice} {rule.why}".strip() if rule else "",
        worst=_worst(moment, phrases) if moment else None,
        eased=eased,
        note=phrases[f"sum_note_{note}{_partly(sets, note)}"] if note else "",
    )


def _partly(sets: Sequence[SetStats], note: str) -> str:
    """The ending of the phrase for an exercise that was skipped in part: another set was done."""
    return "_partly" if note == "skipped" and any(a.progress.state == "done" for a in sets) else ""


def _costliest(sets: Sequence[SetStats]) -> tuple[Rule | None, float]:
    """The rule that was a fault longest once a set had begun, and for how many seconds; (None, 0)
    when no fault rounds to a second. Compared by whole seconds, then by severity."""
    lasted: dict[str, float] = {}
    rules: dict[str, Rule] = {}
    for set_stats in sets:
        for key, fault in set_stats.faults.items():
            rules[key] = fault.rule
            lasted[key] = lasted.get(key, 0.0) + max(0.0, fault.seconds - fault.early_s)
    if not lasted:
        return None, 0.0
    most = max(lasted, key=lambda k: (round(lasted[k]), RANK[rules[k].severity], lasted[k]))
    return (rules[most], lasted[most]) if lasted[most] >= SHORTEST_S else (None, 0.0)


def _sides(sets: Sequence[SetStats], phrases: Mapping[str, str]) -> str:
    sides = {set_stats.planned.side for set_stats in sets} - {None}
    if len(sides) == 2:
        return phrases["sum_both_sides"]
    return phrases[f"side_{next(iter(sides))}"] if sides else ""


def _tries(sets: Sequence[SetStats]) -> list[list[SetStats]]:
    """The statistics of each planned set. A user who goes back repeats a set, so it may have
    several."""
    tries: dict[tuple[object, int], list[SetStats]] = {}
    for set_stats in sets:
        tries.setdefault((set_stats.planned.side, set_stats.planned.number), []).append(set_stats)
    return list(tries.values())


def _reps_wanted(sets: Sequence[SetStats]) -> int | None:
    """The repetitions of all sets; None if a set ends by the clock, is open-ended, or went on
    without form check."""
    if any(set_stats.unchecked_s for set_stats in sets):
        return None
    planned_sets = [tries[0].planned for tries in _tries(sets)]
    wanted = [None if planned.time_s is not None else planned.reps for planned in planned_sets]
    known = [count for count in wanted if count is not None]
    return sum(known) if known and len(known) == len(wanted) else None


def _form(sets: Sequence[SetStats]) -> str:
    """The mean form score of the sets in words, weighted by how much was judged in each."""
    total = weight = 0.0
    for set_stats in sets:
        if set_stats.score is not None:
            seen = set_stats.rejected.total() - set_stats.rejected["unseen"]
            tries = set_stats.progress.reps + seen
            reps = set_stats.planned.exercise.category == "reps"
            judged = tries if reps else set_stats.correct_s + set_stats.wrong_s
            total += set_stats.score * judged
            weight += judged
    return score_words(total / weight if weight else None)


def _worst(moment: FaultMoment, phrases: Mapping[str, str]) -> Worst | None:
    annotation = annotate(
        moment.rule, moment.pose, moment.side, moment.near, moment.values, phrases
    )
    return Worst(moment.pose, annotation.lines, annotation.words) if annotation else None


def _headline(lines: Sequence[ExerciseSummary], pain: bool) -> str:
    """The key of the headline."""
    if pain:
        return "sum_head_pain"
    seconds = [sum(getattr(line, f"{part}_s") for line in lines) for part in SECONDS_PARTS]
    if sum(seconds) < SHORTEST_S:
        return "sum_head_nothing"
    correct, wrong, cant_tell, unchecked = seconds
    if unchecked >= SHORTEST_S and correct + wrong + cant_tell < SHORTEST_S:
        return "sum_head_unchecked"
    hidden = cant_tell > correct + wrong and cant_tell >= HIDDEN_HEADLINE_S
    counted = correct + unchecked >= SHORTEST_S or any(line.reps for line in lines)
    return "sum_head_unseen" if hidden else "sum_head" if counted else "sum_head_none"


# --- in words -----------------------------------------------------------------------------------


def time_words(phrases: Mapping[str, str], seconds: float) -> str:
    """ "42 s", "2 min", "2 min 5 s": whole seconds."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return phrases["sum_seconds"].format(count=rest)
    if not rest:
        return phrases["sum_minutes"].format(minutes=minutes)
    return phrases["sum_minutes_seconds"].format(minutes=minutes, count=rest)


def part_words(of: ExerciseSummary | Summary, phrases: Mapping[str, str]) -> dict[SecondsPart, str]:
    """ "42 s correct", ...: the kinds of seconds that occurred; never a 0."""
    return {
        part: phrases[f"sum_{part}"].format(time=time_words(phrases, seconds))
        for part in SECONDS_PARTS
        if (seconds := getattr(of, f"{part}_s")) >= SHORTEST_S
    }


def reps_words(line: ExerciseSummary, phrases: Mapping[str, str]) -> str:
    """ "Repetitions: 8 of 10. Not counted: 2 too small"; "" where none were asked for or tried."""
    if not (line.reps or line.not_counted or line.reps_wanted):
        return ""
    key = "sum_reps" if line.reps_wanted is None else "sum_reps_of"
    counted = phrases[key].format(count=line.reps, wanted=line.reps_wanted)
    if not line.not_counted:
        return counted
    reasons = ", ".join(phrases[f"sum_{why}"].format(count=n) for why, n in line.not_counted)
    return f"{counted}. {phrases['sum_not_counted'].format(reasons=reasons)}"


def form_words(line: ExerciseSummary, phrases: Mapping[str, str]) -> str:
    """ "Form: steady"; "" where nothing was judged."""
    if not line.form:
        return ""
    return phrases["sum_form"].format(form=phrases[f"sum_{line.form.replace(' ', '_')}"])


def fault_words(line: ExerciseSummary, phrases: Mapping[str, str]) -> str:
    """ "Next time: Come up a little"; "" without a fault."""
    return phrases["sum_fault"].format(cue=line.fault) if line.fault else ""


def why_words(line: ExerciseSummary, phrases: Mapping[str, str]) -> str:
    """ "Come up a little. Lower down, the back carries the weight. Seen for 9 s."; "" without a
    fault."""
    if not line.fault:
        return ""
    lasted = phrases["sum_fault_time"].format(time=time_words(phrases, line.fault_s))
    return f"{line.tip} {lasted}".strip()


def title_words(line: ExerciseSummary) -> str:
    """ "Quad stretch, both sides"."""
    return f"{line.name}, {line.sides}" if line.sides else line.name


def text_lines(summary: Summary, phrases: Mapping[str, str]) -> tuple[str, ...]:
    """The whole summary as plain text, for a terminal, the clipboard and screen readers."""
    totals = ", ".join(part_words(summary, phrases).values())
    texts = [summary.name, summary.headline, *([totals] if totals else [])]
    for line in summary.lines:
        texts += ["", title_words(line), *(f"  {text}" for text in _line_texts(line, phrases))]
    if summary.notes:
        texts += ["", *summary.notes]
    return (*texts, "", phrases["sum_disclaimer"])


def worst_words(line: ExerciseSummary, phrases: Mapping[str, str]) -> str:
    """ "Farthest: about 30°, wanted 35 to 55°"; "" where no number can be given."""
    if line.worst is None or not line.worst.words:
        return ""
    return phrases["sum_worst"].format(words=line.worst.words)


def _line_texts(line: ExerciseSummary, phrases: Mapping[str, str]) -> list[str]:
    texts = (
        line.note,
        ", ".join(part_words(line, phrases).values())
        or ("" if line.note else phrases["sum_nothing"]),
        reps_words(line, phrases),
        form_words(line, phrases),
        fault_words(line, phrases),
        why_words(line, phrases),
        worst_words(line, phrases),
        phrases["sum_eased"] if line.eased else "",
    )
    return [text for text in texts if text]
