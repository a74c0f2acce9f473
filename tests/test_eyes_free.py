"""A session by ear alone: a person on a mat can follow it with closed eyes.

The same laws hold for a floor routine of recordings, as the pose model saw them, and for timelines
of stick figures. No test is about a wording. They check that everything that the user has to know
is said or sounded, in time, in order, and not twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from bodies import Arm, Figure, Leg, series
from mat_stream import Fault, Stream, recorded_faults
from shipped import EXERCISES

from posecheck.coach.countdown import COUNT_ROOM_S, COUNTDOWN_AT_S
from posecheck.coach.cues import CueKind, spoken_s
from posecheck.coach.guide import Command, Guide, GuideView
from posecheck.coach.pipeline import Estimate, GuidedFrame, lead
from posecheck.coach.speech_queue import IMPORTANCE, SHELF_S, Speech, SpokenLine
from posecheck.coach.tones import Tone, tones
from posecheck.coach.wording import short_name
from posecheck.exercise import Camera, Dose, Exercise, Rule
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import load_routine
from posecheck.pose import Detection, Frame, Pose
from posecheck.session.events import (
    Event,
    Halted,
    RepCounted,
    Resumed,
    SessionDone,
    SetAnnounced,
    SetDone,
)
from posecheck.session.plan import PlannedSet, plan

pytestmark = pytest.mark.slow  # a whole session is led for all of them

HERE = Path(__file__).parent
PHRASES = load_phrases("en")

TICK_S = 0.1
"""Seconds between two updates of the voice, as in the window."""
AFTER_S = 12.0
"""Seconds of listening after the last frame."""


# --- what is heard ------------------------------------------------------------------------------


@dataclass(slots=True)
class Said:
    """One spoken line. `end` is the time at which it ended or was cut off."""

    t: float
    end: float
    text: str
    kind: CueKind
    cut: bool = False


class Engine:
    """A voice that speaks for as long as its words take, and the Speech that chooses its lines."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self._speech = Speech("full")
        self._t = 0.0

    def hear(self, t: float, lines: Iterable[SpokenLine]) -> None:
        while self._t + TICK_S < t:
            self._t += TICK_S
            self._update(self._t, ())
        self._t = t
        self._update(t, lines)

    def _update(self, t: float, lines: Iterable[SpokenLine]) -> None:
        last = self.said[-1] if self.said else None
        action = self._speech.update(t, lines, last is not None and t < last.end)
        if action.stop and last is not None and last.end > t:
            last.end, last.cut = t, True
        if action.begin is not None:
            text = action.begin.text
            self.said.append(Said(t, t + spoken_s(text), text, action.begin.kind))


@dataclass(frozen=True, slots=True)
class Heard:
    """A whole session: what was said and sounded, and what happened."""

    planned_sets: tuple[PlannedSet, ...]
    said: list[Said]
    tones: list[tuple[float, Tone]]
    events: list[tuple[float, Event]]
    views: list[tuple[float, GuideView]]

    def times(self, kind: type[Event]) -> list[float]:
        return [t for t, event in self.events if isinstance(event, kind)]

    def between(self, start: float, end: float) -> str:
        """All lines that began within a span."""
        return " ".join(line.text for line in self.said if start <= line.t < end)

    def speaking(self, t: float) -> Said | None:
        return next((line for line in self.said if line.t <= t < line.end), None)

    @property
    def spans(self) -> list[tuple[float, float, PlannedSet]]:
        """Every set: when it was announced, when the next one was, and what it is."""
        starts = [(t, e.index) for t, e in self.events if isinstance(e, SetAnnounced)]
        ends = [t for t, _ in starts[1:]] + [self.views[-1][0] + AFTER_S]
        return [(t, end, self.planned_sets[i]) for (t, i), end in zip(starts, ends, strict=True)]


def listen(results: Iterable[GuidedFrame]) -> Heard:
    """Listen to a led session until its end."""
    engine = Engine()
    sounded: list[tuple[float, Tone]] = []
    events: list[tuple[float, Event]] = []
    views: list[tuple[float, GuideView]] = []
    for result in results:
        t = result.frame.t
        engine.hear(t, [SpokenLine(cue.voice, cue.kind) for cue in result.cues])
        sounded += [(t, tone) for tone in tones(result.events)]
        events += [(t, event) for event in result.events]
        views.append((t, result.view))
        if result.view.session.phase == "done":
            break
    engine.hear(views[-1][0] + AFTER_S, ())
    return Heard(views[0][1].session.planned_sets, engine.said, sounded, events, views)


# --- a floor routine of recordings --------------------------------------------------------------


def mat(film: Iterable[Frame], estimate: Estimate) -> Heard:
    """The floor routine of the tests, as it is heard."""
    routine = load_routine(HERE / "routines" / "mat.toml", EXERCISES)
    return listen(lead(film, estimate, Guide(plan(routine, EXERCISES, "left"), PHRASES)))


# --- stick figures: standing, then on the floor -------------------------------------------------

Seen = Figure | str
"""A figure, "nobody", or a command: a key or a spoken answer while what was seen stays."""
COMMANDS = frozenset(Command.__args__)  # type: ignore[attr-defined]
FPS = 20.0

FRONTAL, TALL = Figure(), Figure(facing=90.0)
KNEES_BENT = Figure(facing=90.0, left_leg=Leg(50, 80), right_leg=Leg(50, 80))
RAISED = Figure(facing=90.0, left_arm=Arm(175.0, 90.0), right_arm=Arm(175.0, 90.0))


def on_all_fours(facing: float) -> Figure:
    down, under = Arm(lift=90.0), Leg(hip=90.0, knee=90.0)
    return Figure(facing, 90.0, left_arm=down, right_arm=down, left_leg=under, right_leg=under)


FOURS_L, FOURS_R = on_all_fours(-90.0), on_all_fours(90.0)
DOG_L = replace(FOURS_L, left_leg=Leg(), right_arm=Arm(lift=175.0))
DOG_R = replace(FOURS_R, right_leg=Leg(), left_arm=Arm(lift=175.0))
LOW_L = replace(DOG_L, left_leg=Leg(hip=30.0))

NEAR_PX_PER_M = 700.0
"""So near that head and feet are outside of a picture 720 pixels high."""


def figures(
    planned_sets: Sequence[PlannedSet], *pieces: tuple[Seen, float], near: Seen = ""
) -> Heard:
    """A led session over a timeline of figures; `near` is drawn too near to the camera."""
    guide = Guide(planned_sets, PHRASES)
    shown: dict[float, Detection] = {}

    def frames() -> Iterator[Frame]:
        detection, pressed = Detection(None, "nobody"), object()
        for t, piece in series(*((piece, piece[1]) for piece in pieces), fps=FPS):
            seen = piece[0]
            if isinstance(seen, str) and seen in COMMANDS and piece is not pressed:
                guide.command(seen)  # type: ignore[arg-type]
            elif isinstance(seen, str) and seen == "nobody":
                detection = Detection(None, "nobody")
            elif isinstance(seen, Figure):
                detection = Detection(_pose(seen, seen is near))
            pressed = piece
            shown[t] = detection
            yield Frame(t, GREY)

    return listen(lead(frames(), lambda frame, mask: shown[frame.t], guide))


GREY = np.full((72, 128, 3), 120, np.uint8)


@lru_cache(maxsize=64)
def _pose(figure: Figure, near: bool) -> Pose:
    return figure.pose(px_per_m=NEAR_PX_PER_M) if near else figure.pose()


KNEE = Rule("bent", "knee_angle.near", "must", "alignment", "A", 5.0, 0.8, "Push the floor away",
            "Push the floor away.", 160.0)  # fmt: skip
STAND = Exercise(
    id="stand", name="Standing tall", group="upper", category="hold", check="full",
    position="standing", sides="none",
    instructions=("Stand tall beside a wall.", "Let the arms hang.", "Breathe slowly."),
    dose=Dose(1, 6.0, hold_s=20.0), safety="", easier="Hold a chair.",
    camera=Camera("side", "Put the camera at hip height and stand side-on.", (0.8, 1.2), (2, 3)),
    rules=(KNEE,),
)  # fmt: skip
BIRD_DOG = EXERCISES["bird_dog"]
CLOSE = replace(TALL)
"""As TALL, and too near."""


def standing_then_floor() -> Heard:
    """Turned away, too near, a fault, leaving, both arms up; then down to the floor, a mild pain
    that eases, and the other side."""
    dog = PlannedSet(BIRD_DOG, "left", hold_s=8.0, rest_s=6.0)
    planned_sets = [PlannedSet(STAND, hold_s=25.0, rest_s=6.0), dog, replace(dog, side="right")]
    return figures(
        planned_sets,
        (FRONTAL, 14.0), (CLOSE, 8.0), (TALL, 10.0), (KNEES_BENT, 5.0), (TALL, 4.0),
        ("nobody", 10.0), (TALL, 10.0), (RAISED, 4.0), (TALL, 16.0), (RAISED, 4.0), (TALL, 40.0),
        (FOURS_L, 35.0), (DOG_L, 5.0), ("pain", 2.0), ("mild", 0.5), (FOURS_L, 6.5),
        ("easing", 6.0), (DOG_L, 4.0), (LOW_L, 5.0), (DOG_L, 8.0), (FOURS_R, 14.0), (DOG_R, 14.0),
        near=CLOSE,
    )  # fmt: skip


# --- what has to be heard -----------------------------------------------------------------------

TONE_S = 0.2
"""Seconds between an event and its tone, at most."""
CORRECTED_S, LASTS_S = 4.0, 2.5
"""A fault that lasts for LASTS_S is corrected within CORRECTED_S of its beginning."""
SILENCE_S = 12.0
AGAIN_S = 7.0
WHY_S = 4.0
"""Seconds after which a user who hears the clock stop knows why."""


@pytest.fixture(scope="module")
def on_the_mat() -> tuple[Heard, list[Fault]]:
    """What the pose model saw in the recordings, and their faults."""
    stream = Stream()
    return mat(stream, stream.estimate), recorded_faults()


@pytest.fixture(scope="module")
def with_figures() -> Heard:
    """The stick figures' session."""
    return standing_then_floor()


@pytest.fixture(scope="module", params=["recordings", "figures"])
def heard(request: pytest.FixtureRequest) -> Heard:
    """Both sessions; each is run once."""
    if request.param == "figures":
        return request.getfixturevalue("with_figures")  # type: ignore[no-any-return]
    return request.getfixturevalue("on_the_mat")[0]  # type: ignore[no-any-return]


def runs(view: GuideView) -> bool:
    """Whether the clock of the set runs, or its repetitions count."""
    session = view.session
    still = view.halted or view.pain.step
    return session.phase == "work" and session.progress.state == "active" and not still


def changes(heard: Heard) -> list[tuple[float, bool]]:
    """The times at which the clock began to run (True) or stopped."""
    pairs = pairwise(heard.views)
    return [(t, runs(now)) for (_, before), (t, now) in pairs if runs(before) != runs(now)]


def spans_of(heard: Heard, wanted: Callable[[GuideView], bool]) -> list[tuple[float, float]]:
    """The spans in which a condition holds."""
    found: list[tuple[float, float]] = []
    since: float | None = None
    for t, view in [*heard.views, (heard.views[-1][0], None)]:
        if view is not None and wanted(view):
            since = t if since is None else since
        elif since is not None:
            found.append((since, t))
            since = None
    return found


def test_the_session_comes_to_its_end(heard: Heard) -> None:
    """Every set is done, and the end is said and sounded."""
    assert [e.why for _, e in heard.events if isinstance(e, SetDone)] == ["done"] * len(
        heard.planned_sets
    )
    (end,) = heard.times(SessionDone)
    assert PHRASES["done_say"] in heard.between(end, end + 5.0)
    assert (end, "done") in heard.tones


def test_every_set_is_announced_before_it_begins(heard: Heard) -> None:
    """The name or that it is the other side, the side and the dose; none of it is cut off."""
    for start, end, planned in heard.spans:
        first = next(t for t, on in changes(heard) if on and start <= t < end)
        whole = [line for line in heard.said if start <= line.t and line.end <= first]
        said = " ".join(line.text for line in whole if not line.cut)
        assert short_name(planned.exercise) in said or OTHER_SIDE in said
        if planned.side is not None:
            sentence = f"{planned.exercise.side_means}: {PHRASES[f'side_{planned.side}']}."
            assert sentence.lower() in said.lower()
        dose = PHRASES["dose_reps" if planned.reps else "dose_hold"]
        assert dose.format(count=f"{planned.reps or planned.hold_s or 0:.0f}") in said


OTHER_SIDE = PHRASES["other_side_say"].partition(".")[0]


def test_the_start_position_is_said_to_a_user_who_is_elsewhere(heard: Heard) -> None:
    """Within eight seconds of the announcement's beginning."""
    for start, end in spans_of(heard, lambda view: view.session.start_blocker == "posture"):
        planned = next(planned for t, until, planned in heard.spans if t <= start < until)
        if end - start > LASTS_S:
            key = f"into_{planned.exercise.position}_say".replace("-", "_")
            assert PHRASES[key] in heard.between(start, start + 8.0)


def test_an_exercise_is_explained_once_until_it_is_done(heard: Heard) -> None:
    """Its sentences come in order, none twice, and all of them to a user who has not begun."""
    for (start, end, planned), earlier in zip(heard.spans, _exercises_before(heard), strict=True):
        said = heard.between(start, end)
        places = [said.find(sentence) for sentence in planned.exercise.instructions]
        spoken_places = [place for place in places if place >= 0]
        assert spoken_places == sorted(spoken_places)
        assert all(said.count(sentence) <= 1 for sentence in planned.exercise.instructions)
        if planned.exercise.id in earlier:
            assert spoken_places == []
        elif -1 in places:
            begun = next(t for t, on in changes(heard) if on and start <= t < end)
            last = [line for line in heard.said if line.kind == "instruct" and line.t < begun]
            assert not last or begun - last[-1].end < 2.0 or last[-1].t < start
            assert -1 not in places[: places.index(-1)]


def _exercises_before(heard: Heard) -> list[set[str]]:
    return [{t.exercise.id for t in heard.planned_sets[:n]} for n in range(len(heard.planned_sets))]


def test_the_clock_is_heard(heard: Heard) -> None:
    """A tone whenever it begins to run or stops; a pain is answered in words instead."""
    for t, on in changes(heard):
        pain = any(line.kind == "pain" and abs(line.t - t) <= TONE_S for line in heard.said)
        wanted = {"runs"} if on else {"stopped", "unseen", "done"}
        assert wanted & sounded(heard, t) or (pain and not on)


def sounded(heard: Heard, t: float) -> set[Tone]:
    return {tone for at, tone in heard.tones if abs(at - t) <= TONE_S}


def test_going_on_after_a_pause_is_heard(with_figures: Heard) -> None:
    """The stopped clock has to be armed again, and a tone says when it runs."""
    runs_t = [t for t, tone in with_figures.tones if tone == "runs"]
    for resumed in with_figures.times(Resumed):
        assert any(resumed < t < resumed + 8.0 for t in runs_t)


def test_the_last_tone_tells_whether_the_clock_runs(heard: Heard) -> None:
    """At any time except after a pain, which is answered in words."""
    telling = [(t, tone) for t, tone in heard.tones if tone != "rep"]
    moved = [t for t, _ in changes(heard)]
    words = [start for start, _ in spans_of(heard, lambda view: bool(view.pain.step))]
    for (at, tone), (until, _) in pairwise([(0.0, "stopped"), *telling, (math.inf, "")]):
        deaf = min((t for t in words if at < t < until), default=until)
        for t, view in heard.views:
            if at <= t < deaf and not any(abs(t - change) <= TONE_S for change in moved):
                assert runs(view) == (tone == "runs"), t


def test_every_repetition_is_heard(heard: Heard) -> None:
    """Each has its tone, and its number unless something more important is being said."""
    for t, event in heard.events:
        if isinstance(event, RepCounted):
            assert {"rep", "done"} & sounded(heard, t)
            assert _counted(heard, t, str(event.reps))


def _counted(heard: Heard, t: float, words: str) -> bool:
    """Whether a number is said in time, or dropped for something more important."""
    until = t + SHELF_S["count"] + TICK_S
    if words in [line.text for line in heard.said if t <= line.t <= until]:
        return True
    other = heard.speaking(t + 0.01)
    return other is not None and IMPORTANCE[other.kind] > IMPORTANCE["count"]


def test_the_last_seconds_of_a_hold_are_counted(heard: Heard) -> None:
    """Ten and five, where the hold is longer than that."""
    for (_, before), (t, now) in pairwise(heard.views):
        left, earlier = now.session.seconds_left, before.session.seconds_left
        whole = now.session.planned.target_s
        if left is None or earlier is None or whole is None or not runs(now):
            continue
        for mark in COUNTDOWN_AT_S:
            if left <= mark < earlier and whole > mark + COUNT_ROOM_S:
                assert _counted(heard, t, PHRASES[f"left_{mark}_say"])


def test_the_end_of_a_set_and_what_comes_next_are_said(heard: Heard) -> None:
    """At once, with the name or the other side; the tone tells that it is done."""
    ends = heard.times(SetDone)
    for end, coming, planned in zip(ends, heard.planned_sets[1:], heard.planned_sets, strict=False):
        said = heard.between(end, end + 3.0)
        side = coming.side and PHRASES[f"side_{coming.side}"]
        same = coming.exercise.id == planned.exercise.id
        assert (side if same and side else short_name(coming.exercise)) in said
        assert (end, "done") in heard.tones


def test_one_voice_at_a_time(heard: Heard) -> None:
    """Nothing is said over something else."""
    assert all(before.end <= line.t for before, line in pairwise(heard.said))


def test_nothing_is_said_twice_in_a_row(heard: Heard) -> None:
    """A line is repeated only after AGAIN_S. Numbers and praise may be repeated earlier."""
    last: dict[str, float] = {}
    for line in heard.said:
        if line.kind not in ("count", "praise") and not line.cut:
            assert line.t - last.get(line.text, -AGAIN_S) >= AGAIN_S, line
            last[line.text] = line.t


def test_nobody_is_left_in_silence(heard: Heard) -> None:
    """While the session waits for the user to act, it speaks at least every SILENCE_S."""
    for start, end in spans_of(heard, _waited_for):
        spoken = [(line.t, line.end) for line in heard.said if start < line.end and line.t < end]
        gaps = pairwise([start, *(at for span in spoken for at in span), end])
        assert all(b - a <= SILENCE_S for a, b in list(gaps)[::2]), (start, end)


def _waited_for(view: GuideView) -> bool:
    session = view.session
    placing = session.phase == "ready" and session.start_blocker != "" and not session.unchecked
    stopped = session.phase == "work" and session.progress.state != "active"
    return (placing or stopped) and not view.halted and not view.pain.step


def test_why_the_clock_stopped_is_said(heard: Heard) -> None:
    """If the user does not correct it: what to change, what is not seen, or a pause."""
    stops = [t for t, on in changes(heard) if not on]
    for stop in stops:
        again = next((t for t, on in changes(heard) if on and t > stop), stop + WHY_S)
        reasons = {"correction", "stop", "hint", "sight", "guide", "halt", "offer", "pain"}
        said = [line for line in heard.said if stop - 1.0 <= line.t < stop + WHY_S]
        assert again - stop < WHY_S or reasons & {line.kind for line in said}


def test_every_fault_is_corrected(on_the_mat: tuple[Heard, list[Fault]]) -> None:
    """Every fault in the recordings, once the hold has begun, in the words of its rule."""
    heard, faults = on_the_mat
    assert len(faults) >= 4
    for fault in faults:
        planned = next(planned for start, end, planned in heard.spans if start <= fault.start < end)
        words = {rule.voice for rule in planned.exercise.rules if rule.id in fault.rules}
        assert fault.end - fault.start > LASTS_S
        assert words & {
            line.text for line in heard.said if 0 <= line.t - fault.start <= CORRECTED_S
        }


def test_where_to_be_is_reported(heard: Heard) -> None:
    """To a user who is turned away or too near, after the announcement at the latest."""
    for start, end in spans_of(heard, lambda view: view.session.start_blocker == "place"):
        explained = [line for line in heard.said if start <= line.t < start + 6.0]
        assert end - start <= LASTS_S or {"sight", "offer"} & {line.kind for line in explained}


def test_a_pause_and_the_way_on_are_said(with_figures: Heard) -> None:
    """By both arms, and by leaving; then that it goes on."""
    halts = [(t, event) for t, event in with_figures.events if isinstance(event, Halted)]
    assert [event.why for _, event in halts] == ["left", "person"]
    for t, event in halts:
        assert PHRASES[f"halt_{event.why}_say"] in with_figures.between(t, t + 0.5)
    for t in with_figures.times(Resumed):
        assert PHRASES["resumed_say"] in with_figures.between(t, t + 0.5)


def test_a_mild_pain_is_led_by_voice(with_figures: Heard) -> None:
    """Ease out, at once; the questions; and that the target is smaller."""
    (start, end), *more = spans_of(with_figures, lambda view: bool(view.pain.step))
    assert not more
    assert PHRASES["pain_pause_say"] in with_figures.between(start, start + 0.2)
    assert PHRASES["pain_ask_say"] in with_figures.between(start, start + 3.0)
    assert PHRASES["pain_easing_say"] in with_figures.between(start, end)
    assert PHRASES["pain_resume_say"] in with_figures.between(end, end + 0.5)
    assert with_figures.views[-1][1].eased == {BIRD_DOG.id}


def test_what_to_do_with_a_mild_pain_is_said(with_figures: Heard) -> None:
    """Come back a fifth of the way."""
    ((start, end),) = spans_of(with_figures, lambda view: bool(view.pain.step))
    assert PHRASES["pain_mild_say"] in with_figures.between(start, end)
