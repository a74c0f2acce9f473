"""Adds up what happened in a set: the seconds of each verdict, repetitions, faults, a form score.

`SessionStats` watches a session and makes one `SetStats` per set. It decides nothing. Seconds that
could not be judged are kept apart from right and wrong ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from posecheck.coach.cues import Cue
from posecheck.exercise import Rule
from posecheck.session.events import Blind, Event, RepRejected
from posecheck.session.plan import PlannedSet
from posecheck.session.progress import Progress, counted_s
from posecheck.session.rep_counter import RepOutcome
from posecheck.session.session import SessionView

STEADY_SCORE, GOOD_SCORE = 85, 70
"""Form scores from which a set is called steady, or good (biomechanics 2B)."""
ADVICE_COST, ADVICE_MOST, ADVICE_SHARE = 5.0, 20.0, 0.2
"""An advice broken for more than ADVICE_SHARE of the time costs ADVICE_COST points of the score;
all advices together cost ADVICE_MOST at most."""


def score_words(score: float | None) -> str:
    """A form score in words, "" for none."""
    if score is None:
        return ""
    if score >= STEADY_SCORE:
        return "steady"
    return "good" if score >= GOOD_SCORE else "keep practising"


def seconds_by_verdict(
    planned: PlannedSet, progress: Progress, early_unseen_s: float
) -> tuple[float, float, float]:
    """The seconds of a set in right form, in wrong form, and of which nothing can be told, for
    screen, summary and record alike. Without a repetition, right form is not yet the exercise.

    early_unseen_s  as in `SessionView`
    """
    still = planned.exercise.category == "reps" and not progress.reps
    checked = planned.exercise.check != "none"
    cant_tell_s = progress.unseen_s + early_unseen_s if checked else 0.0
    return 0.0 if still else progress.held_s, progress.wrong_s, cant_tell_s


@dataclass(slots=True)
class FaultTime:
    """How long a rule was a fault, in seconds of the stream, counted as the timer counts
    (`counted_s`).

    first_s, last_s  when it was a fault first and last
    early_s          how much of `seconds` was before the form was first right: getting ready, on
                     the way into the pose
    """

    rule: Rule
    first_s: float
    last_s: float
    seconds: float = 0.0
    early_s: float = 0.0


@dataclass(slots=True)
class SetStats:
    """One set. All times are in seconds.

    seconds             from the announcement on
    progress            as it was last
    early_unseen_s      as in `SessionView`
    blind_s             time that could not be judged, by reason
    hidden_s            body part that was needed and unseen -> for how long
    camera_lean         lean of the camera that was taken off the angles, degrees, + clockwise
    faults              by the id of the rule
    spoken              the cues that were spoken, and when
    begun_s, ended_s    when the form was first and last right, None for never
    wrong_before_end_s  wrong form up to `ended_s`
    """

    planned: PlannedSet
    seconds: float = 0.0
    progress: Progress = field(default_factory=lambda: Progress("ready"))
    early_unseen_s: float = 0.0
    blind_s: dict[Blind, float] = field(default_factory=lambda: defaultdict(float))
    hidden_s: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    camera_lean: float = 0.0
    faults: dict[str, FaultTime] = field(default_factory=dict)
    rejected: Counter[RepOutcome] = field(default_factory=Counter)
    spoken: list[tuple[float, Cue]] = field(default_factory=list)
    begun_s: float | None = None
    ended_s: float = 0.0
    wrong_before_end_s: float = 0.0

    @property
    def checked(self) -> bool:
        return self.planned.exercise.check != "none"

    @property
    def correct_s(self) -> float:
        return self._seconds_by_verdict[0]

    @property
    def wrong_s(self) -> float:
        return self._seconds_by_verdict[1]

    @property
    def cant_tell_s(self) -> float:
        """What could not be judged, before the start too."""
        return self._seconds_by_verdict[2]

    @property
    def _seconds_by_verdict(self) -> tuple[float, float, float]:
        return seconds_by_verdict(self.planned, self.progress, self.early_unseen_s)

    @property
    def unchecked_s(self) -> float:
        """Plain seconds that were not judged: no camera can check the exercise, or the user went on
        without form check."""
        return self.progress.unchecked_s

    @property
    def before_s(self) -> float:
        """The rest: getting ready, on the way into the pose, pauses of the camera."""
        known = self.correct_s + self.wrong_s + self.cant_tell_s + self.unchecked_s
        return max(0.0, self.seconds - known)

    @property
    def score(self) -> float | None:
        """0 to 100; None where nothing was judged. For a hold: the right share of the judged time
        from its first to its last right second. For repetitions: the share that counted of those
        that were seen. Advice that was broken much of the time lowers it."""
        if self.planned.exercise.category == "reps":
            good = float(self.progress.reps)
            total = good + self.rejected.total() - self.rejected["unseen"]
        else:
            good = self.correct_s
            total = good + self.wrong_before_end_s
        if not self.checked or not total:
            return None
        return max(0.0, 100 * good / total - self._advice_cost())

    @property
    def form(self) -> str:
        """The score in words, "" where nothing was judged."""
        return score_words(self.score)

    def _advice_cost(self) -> float:
        lasted = self.ended_s - (self.begun_s or 0.0)
        often = [
            fault
            for fault in self.faults.values()
            if fault.rule.severity == "advice" and fault.seconds > ADVICE_SHARE * lasted
        ]
        return min(ADVICE_MOST, ADVICE_COST * len(often))


class SessionStats:
    """Statistics of a session: one `SetStats` for each set begun, in order."""

    def __init__(self) -> None:
        self.sets: list[SetStats] = []
        self._last_t: float | None = None
        self._sets_begun = -1
        self._faults: tuple[str, ...] = ()

    def update(
        self, t: float, events: Iterable[Event], cues: Iterable[Cue], view: SessionView
    ) -> None:
        """Add one frame."""
        if view.sets_begun != self._sets_begun:
            self._sets_begun = view.sets_begun
            self.sets.append(SetStats(view.planned))
            self._faults = ()
        set_stats = self.sets[-1]
        gap_s = 0.0 if self._last_t is None else max(0.0, t - self._last_t)
        self._last_t = t
        before, self._faults = self._faults, _faults(view)
        set_stats.spoken += [(t, cue) for cue in cues if cue.voice]
        set_stats.rejected.update(event.why for event in events if isinstance(event, RepRejected))
        if view.phase in ("ready", "work") or view.progress != set_stats.progress:
            _add(set_stats, t, gap_s, view)
            _add_faults(set_stats, t, gap_s, before, self._faults)


def _faults(view: SessionView) -> tuple[str, ...]:
    """The ids of the rules that are faults and seen, in the order of the verdict."""
    return tuple(rule for rule in view.verdict.faults if rule not in view.verdict.unseen)


def _add(set_stats: SetStats, t: float, gap_s: float, view: SessionView) -> None:
    set_stats.seconds += gap_s
    why = "parts" if view.unjudged == "parts" else view.blind
    if why:
        set_stats.blind_s[why] += gap_s
    if why == "parts":
        for part in view.parts:
            set_stats.hidden_s[part] += gap_s
    set_stats.early_unseen_s = view.early_unseen_s
    set_stats.progress = view.progress
    set_stats.camera_lean = view.camera_lean
    if view.progress.state == "active":
        set_stats.begun_s = t if set_stats.begun_s is None else set_stats.begun_s
        set_stats.ended_s = t
        set_stats.wrong_before_end_s = view.progress.wrong_s


def _add_faults(
    set_stats: SetStats, t: float, gap_s: float, before: Sequence[str], now: Sequence[str]
) -> None:
    """Add a frame to the faults that it shows. `before`: the faults of the frame before."""
    rules = {rule.id: rule for rule in set_stats.planned.exercise.rules}
    for rule_id in now:
        step = counted_s(gap_s, rule_id in before)
        fault = set_stats.faults.setdefault(rule_id, FaultTime(rules[rule_id], t, t))
        fault.seconds += step
        fault.early_s += step if set_stats.begun_s is None else 0.0
        fault.last_s = t
