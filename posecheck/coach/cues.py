"""What a coach says and shows: events and faults in, a few well-timed cues out.

One correction at a time, the most important first, never in a hurry and never nagging; what
cannot be seen is said kindly and repeated patiently. Words come from the exercises and from
`routines/lang/`; times are those of the frames. Numbers: biomechanics 2B, "Which fault speaks".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from posecheck.coach.pacing import (
    UNSEEN_S,
    CorrectionPolicy,
    CueLine,
    InstructionScript,
    VisibilityCues,
    top_fault,
)
from posecheck.coach.wording import short_name
from posecheck.exercise import Exercise, Rule
from posecheck.pose import opposite
from posecheck.session.events import (
    Event,
    FaultCleared,
    RepCounted,
    RepRejected,
    Resumed,
    SessionDone,
    SetAnnounced,
    SetDone,
    SetEnd,
    StateChanged,
    WorkStarted,
)
from posecheck.session.plan import PlannedSet
from posecheck.session.session import SessionView

Kind = Literal[
    "stop", "correction", "hint", "praise", "count", "sight", "guide", "halt", "instruct", "offer",
    "pain",
]  # fmt: skip
"""guide tells what comes and what has ended, halt that the session stands still or goes on,
instruct how an exercise is done, sight what cannot be seen, offer a choice; pain speaks before
everything else."""

PRAISE_APART_S = 15.0
PRAISE_WITHIN_S = 2.0
"""Right form this soon after a fault is the answer to its correction."""
BREATHE_S = 15.0
HALFWAY_FROM_S = 28.0
"""Shorter holds have no halfway: it would come within 4 s of the ten seconds left."""
LEFT_S = (5, 10)
"""Seconds left that are counted down, in holds longer than these by COUNT_ROOM_S."""
COUNT_ROOM_S = 3.0
STILL_PATIENCE_S = 4.0
"""Who comes to rest within this need not be told to: two quiet seconds are asked for anyway."""
UPRIGHT = ("standing", "sitting", "chair")
_ASIDE = ("left", "right")
_PLAIN = ("nobody", "someone_else", "still", "seen")
"""Troubles whose words are under their own name; those of the place begin with place_."""
_OUT_OF_SIGHT = ("nobody", "someone_else", "parts")
"""Troubles whose end is that something is seen again; others end by being in the right place."""
PAUSE_S, WORD_S = 0.3, 0.4
"""How long a line takes, about: a pause and so much for every word. Rather long: a correction that
comes while something else is spoken is lost."""
BEGIN_S = 1.5
"""Who is in the pose already when the work begins has been told to hold it by then, and need not
be told to begin."""
GONE_S = 4.0
"""Who leaves during the work is waited for after 3 s, in words of the guide's: no others before."""
ENTER_S = 4.0
"""Who is led has so long after the words to get into the pose before they are corrected: entering
takes 1 to 3 s."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Something to say now.

    text   for the screen
    voice  to be spoken
    rule   the id of the rule that it corrects, "" for other cues
    """

    text: str
    voice: str
    kind: Kind
    rule: str = ""

    @property
    def urgent(self) -> bool:
        """Whether it may cut off what is being spoken."""
        return self.kind in ("stop", "pain")


def phrased(phrases: Mapping[str, str], key: str, kind: Kind, **words: object) -> Cue:
    """A phrase with its spoken form; words that a form does not use are left out."""
    text = phrases[key].format(**words)
    spoken = phrases[f"{key}_say"].format(**{"shown": text, **words})
    return Cue(text, " ".join(spoken.split()), kind)


def spoken_s(text: str) -> float:
    """About how long it takes to say, seconds."""
    return PAUSE_S + WORD_S * len(text.split())


class Coach:
    """Listens to a session and speaks.

    phrases  the coach's own words, a value for every key of `phrases.PHRASES`
    led      a person is led live: they are told how each exercise is done, and where to be
    screen   the one line to show now, "" for none; it never flickers
    detail   the sentence of the instructions that is being spoken, "" for none
    """

    def __init__(self, phrases: Mapping[str, str], led: bool = False) -> None:
        self.screen = self.detail = ""
        self._phrases = phrases
        self._led = led
        self._before: PlannedSet | None = None
        self._lesson = InstructionScript()
        self._may_begin = False
        self._work_t = 0.0
        self._corrections = CorrectionPolicy()
        self._sight = VisibilityCues()
        self._unseen_line = ""
        self._trouble_told = ""
        self._screen = CueLine()
        self._busy_until = 0.0
        self._praised_t = self._followed_t = float("-inf")
        self._breath_t: float | None = None
        self._counted: set[str] = set()
        self._begun = self._told_unchecked = False

    def update(self, t: float, events: Iterable[Event], view: SessionView) -> tuple[Cue, ...]:
        """The cues of one frame at time t (seconds, increasing), the most urgent first."""
        events = tuple(events)
        cues: list[Cue] = []
        for event in events:
            cues += self._answer(t, event, view)
        if view.phase in ("ready", "work") and not view.unchecked:
            cues += self._judgeable(t, view)
        if view.phase == "work":
            cues += self._praise(t, view) + self._count_down(view) + self._breathe(t, view)
        cues += self._instruct(t, view) if not cues else []
        self._lesson.look(view)
        for cue in cues:
            if cue.kind not in ("correction", "hint"):
                self._busy_until = max(self._busy_until, t) + spoken_s(cue.voice)
        # What is said is shown meanwhile, so that eye and ear are told the same.
        flashes = [cue.text for cue in cues if cue.text]
        turned = any(isinstance(event, StateChanged) for event in events)
        stop = turned or any(cue.urgent for cue in cues)
        line = self._standing_line(view)
        self.screen = self._screen.update(t, flashes[-1] if flashes else "", line, stop)
        return tuple(sorted(cues, key=lambda cue: not cue.urgent))

    def _say(self, key: str, kind: Kind, **words: object) -> Cue:
        return phrased(self._phrases, key, kind, **words)

    def hush(self) -> None:
        """Nothing of what was shown holds any more: the session stood still."""
        self._screen, self.screen, self.detail = CueLine(), "", ""

    def heard(self, t: float, cues: Iterable[Cue]) -> None:
        """Others speak too: what is said of its own accord waits until they are over."""
        for cue in cues:
            self._busy_until = max(self._busy_until, t) + spoken_s(cue.voice)

    @property
    def instructing(self) -> bool:
        """Whether the instructions of the exercise are being read; they wait for one who is not
        in the start position yet."""
        return bool(self.detail) or self._lesson.reading

    # --- events ---------------------------------------------------------------------------------

    def _answer(self, t: float, event: Event, view: SessionView) -> list[Cue]:
        match event:
            case SetAnnounced():
                return [self._start(view.planned)]
            case StateChanged(now="active"):
                return self._begin_hold(t, view)
            case RepCounted(reps=reps):
                return [self._say("rep", "count", count=reps)]
            case RepRejected(why=why):
                return [self._rejected(view.planned.exercise, why)]
            case FaultCleared(rule=rule):
                return self._corrected(t, rule)
            case Resumed():
                self._sight = VisibilityCues()
            case WorkStarted():
                self._work_t = t
        return self._turn_page(event, view)

    def _turn_page(self, event: Event, view: SessionView) -> list[Cue]:
        """What is said between the parts of a session."""
        match event:
            case WorkStarted() if view.unchecked:
                told, self._told_unchecked = self._told_unchecked, True
                return [] if told else [self._say("unchecked", "guide")]
            case WorkStarted():
                self._may_begin = self._led and not _doing(view)
            case SetDone(why=why):
                return self._set_over(view, why)
            case SessionDone(why=why):
                return [self._say("done" if why in ("done", "hard") else "over", "guide")]
        return []

    def _set_over(self, view: SessionView, why: SetEnd) -> list[Cue]:
        said = [self._say("hard", "guide")] if why == "hard" else []
        if view.phase == "rest" and view.coming is not None and why != "pain":
            said.append(self._rest(view.planned, view.coming))
            before, now = (self._into(k.exercise, "guide") for k in (view.planned, view.coming))
            said += [now] if self._led and now.text != before.text else []
        return said

    def _start(self, planned: PlannedSet) -> Cue:
        """A set is announced; what was said in the one before no longer counts."""
        before, self._before = self._before, planned
        self._corrections, self._sight = CorrectionPolicy(), VisibilityCues()
        self._counted, self._begun, self._breath_t = set(), False, None
        self._told_unchecked = False
        self._may_begin = False
        self._lesson.clear()
        if self._led:
            self._lesson.start(planned.exercise)
        words = {"name": short_name(planned.exercise), "dose": self._dose(planned)}
        if before is None or before.exercise.id != planned.exercise.id:
            return self._say("start", "guide", side=self._side(planned), **words)
        if before.side != planned.side:
            side = self._side_name(planned)
            text = self._phrases["other_side"].format(side=side)
            said = self._say("other_side", "guide", side=self._side(planned), **words)
            return Cue(text, said.voice, "guide")
        return self._say("again", "guide", **words)

    def _side_name(self, planned: PlannedSet) -> str:
        return self._phrases[f"side_{planned.side}"] if planned.side else ""

    def _side(self, planned: PlannedSet) -> str:
        """ "The hugged leg: your left.": what a side means, as a sentence."""
        side = self._side_name(planned)
        if not side or not planned.exercise.side_means:
            return side[:1].upper() + side[1:] + "." if side else ""
        sentence = self._phrases["side_means"].format(means=planned.exercise.side_means, side=side)
        return sentence[:1].upper() + sentence[1:]

    def _dose(self, planned: PlannedSet) -> str:
        doses = {
            "dose_hold": planned.hold_s,
            "dose_reps": planned.reps,
            "dose_time": planned.time_s,
        }
        given = [
            self._phrases[key].format(count=f"{count:.0f}") for key, count in doses.items() if count
        ]
        return given[-1] if given else ""

    def _begin_hold(self, t: float, view: SessionView) -> list[Cue]:
        if self._breath_t is None:
            self._breath_t = t
        begun, self._begun = self._begun, True
        if not begun:
            self._corrections.begin()
        if begun or view.planned.exercise.category != "hold":
            return []
        return [self._say("hold", "guide")]

    def _rejected(self, exercise: Exercise, why: str) -> Cue:
        own = ""
        if exercise.reps is not None:
            own = {"too_small": exercise.reps.too_small, "too_fast": exercise.reps.too_fast}.get(
                why, ""
            )
        text = own or self._phrases[why]
        return Cue(text, text + ".", "count")

    def _corrected(self, t: float, rule: Rule) -> list[Cue]:
        """A correction that was spoken and followed will be praised once the timer runs again."""
        if self._corrections.times(rule) and rule.severity != "advice" and self._begun:
            self._followed_t = t
        return []

    def _praise(self, t: float, view: SessionView) -> list[Cue]:
        """Leaving the pose also ends a fault: only right form in its time is praised."""
        if t - self._followed_t > PRAISE_WITHIN_S or view.verdict.form != "right":
            return []
        if view.progress.state != "active" or t - self._praised_t < PRAISE_APART_S:
            return []
        self._praised_t, self._followed_t = t, float("-inf")
        return [self._say("praise", "praise")]

    def _rest(self, planned: PlannedSet, coming: PlannedSet) -> Cue:
        key = "rest_next" if planned.rest_s else "next"
        if coming.exercise.id == planned.exercise.id and coming.side != planned.side:
            return self._say(f"{key}_side", "guide", side=self._side_name(coming))
        if coming.exercise.id == planned.exercise.id:
            return self._say("rest", "guide")
        return self._say(key, "guide", name=short_name(coming.exercise))

    # --- what the frames say --------------------------------------------------------------------

    def _judgeable(self, t: float, view: SessionView) -> list[Cue]:
        """What keeps the form from being judged, or else the correction that is due."""
        trouble = _trouble(view, self._led)
        if trouble:
            self._unseen_line = self._unseen(view, trouble).text
        patience = self._patience(view, trouble)
        if told := self._sight.update(t, trouble, patience, self._lesson.reading):
            return self._tell_sight(view, told)
        free = t >= self._busy_until + (ENTER_S if self._entering(view) else 0.0)
        correction = self._corrections.update(t, view, free)
        if correction == "easier":
            easier = view.planned.exercise.easier
            return [self._say("easier", "hint", easier=easier)] if easier else []
        if correction is None:
            return []
        kind: Kind = "stop" if correction.severity == "stop" else "correction"
        return [Cue(correction.cue, correction.voice, kind, correction.id)]

    def _patience(self, view: SessionView, trouble: str) -> float:
        """How long a trouble must last before it is told, seconds."""
        if not self._led:
            return UNSEEN_S
        if trouble == "still":  # instructions are heard moving
            return math.inf if self.instructing else STILL_PATIENCE_S
        return GONE_S if trouble == "nobody" and view.phase == "work" else UNSEEN_S

    def _entering(self, view: SessionView) -> bool:
        """Whether somebody who is led is on the way into the pose: the instructions lead there, and
        nothing is out of place yet."""
        return self._led and not self._begun and not _doing(view)

    def _tell_sight(self, view: SessionView, told: str) -> list[Cue]:
        """A trouble with what is seen, or the word that it is over. Instructions that go on are
        that word too."""
        before, self._trouble_told = self._trouble_told, told
        if told != "seen":
            cue = self._unseen(view, told)
            if told == "view":
                self._lesson.hint = ""
            return [cue]
        if not self._led or before in _OUT_OF_SIGHT:
            return [self._say("seen", "sight")]
        return [] if self._lesson.more else [self._say("praise", "praise")]

    def _instruct(self, t: float, view: SessionView) -> list[Cue]:
        """The next sentence of how it is done, once the one before is over, and then the word to
        begin; nothing any more for one who has begun."""
        if t < self._busy_until:
            return []
        self.detail = ""
        if _doing(view) or view.phase not in ("ready", "work"):
            self._lesson.clear()
            self._may_begin = False
        if sentence := self._lesson.next(view):
            self.detail = sentence
            return [Cue("", sentence, "instruct")]
        if self._lesson.more:
            return []
        if not self._may_begin or view.phase != "work" or t - self._work_t < BEGIN_S:
            return []
        self._may_begin = False
        return [self._say("begin", "instruct")]

    def _into(self, exercise: Exercise, kind: Kind) -> Cue:
        return self._say(f"into_{exercise.position.replace('-', '_')}", kind)

    def _unseen(self, view: SessionView, trouble: str) -> Cue:
        planned, placement = view.planned, view.placement
        if trouble == "posture":
            return self._into(planned.exercise, "sight")
        if (
            trouble == "other_side"
            and planned.side is not None
            and planned.exercise.camera is not None
        ):
            near = (
                planned.side if planned.exercise.camera.near == "work" else opposite(planned.side)
            )
            return self._say("other_flank", "sight", side=self._phrases[f"side_{near}"])
        if trouble == "parts":
            parts = view.parts or (placement.parts if placement else ())
            words = [self._phrases.get(f"part_{part}", part) for part in parts[:2]]
            return self._say("parts", "sight", parts=self._phrases["and"].join(words))
        if trouble == "view" and planned.exercise.camera is not None:
            text = self._phrases[f"view_{planned.exercise.camera.view}"]
            hint = self._lesson.hint if self._led else planned.exercise.camera.hint
            voice = self._phrases["view_say"].format(shown=text, hint=hint).strip()
            return Cue(text, voice, "sight")
        if trouble in _ASIDE and planned.exercise.camera is not None:
            front = planned.exercise.camera.view == "front" and planned.exercise.position in UPRIGHT
            return self._say(f"place_{trouble}{'' if front else '_screen'}", "sight")
        return self._say(trouble if trouble in _PLAIN else f"place_{trouble}", "sight")

    def _count_down(self, view: SessionView) -> list[Cue]:
        left, whole = view.seconds_left, view.planned.target_s
        if left is None or whole is None or left <= 0:
            return []
        marks: list[tuple[str, float]] = [
            (f"left_{mark}", mark) for mark in LEFT_S if whole > mark + COUNT_ROOM_S
        ]
        if whole >= HALFWAY_FROM_S:
            marks.append(("halfway", whole / 2))
        due = [key for key, mark in marks if left <= mark]
        fresh = due[:1] if due and due[0] not in self._counted else []
        self._counted.update(due)
        return [self._say(key, "count") for key in fresh]

    def _breathe(self, t: float, view: SessionView) -> list[Cue]:
        exercise = view.planned.exercise
        if exercise.group != "core" or view.progress.state != "active" or self._breath_t is None:
            return []
        if t - self._breath_t < BREATHE_S or t < self._busy_until:
            return []
        self._breath_t = t
        return [self._say("breathe", "hint")]

    def _standing_line(self, view: SessionView) -> str:
        """The line of a state that lasts; announcements stand before it for a while."""
        if view.phase in ("rest", "done"):
            return self._phrases[view.phase]
        if view.unchecked:
            return self._phrases["unchecked"]
        if self._sight.now:
            return self._unseen_line
        if self._led and view.phase == "ready":
            return self._phrases["still"] if view.start_blocker == "still" else ""
        rule = top_fault(view)
        if rule is not None:
            return rule.cue
        holding = view.planned.exercise.category == "hold" and view.progress.state == "active"
        return self._phrases["hold"] if holding and view.verdict.form == "right" else ""


def _trouble(view: SessionView, led: bool) -> str:
    """Why nothing can be judged now, as the key of what to say; "" when it can. nobody,
    someone_else, view, still, parts; for one who is led also posture and the advice of placement.
    """
    advice = view.placement.advice if view.placement is not None else ""
    if led and view.phase == "ready":
        return {"place": advice, "posture": "posture"}.get(
            view.start_blocker, view.blind or view.start_blocker
        )
    if view.blind:
        return advice or view.blind
    if view.phase == "ready" and view.learning:
        return "still"
    unknown = view.phase == "work" and view.verdict.form == "unknown"
    return (advice or "parts") if view.parts and unknown else ""


def _doing(view: SessionView) -> bool:
    """Whether the exercise is being done already."""
    return view.progress.held_s > 0 or view.progress.reps > 0
