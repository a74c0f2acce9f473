"""Sessions as timelines of poses: what happens, in which order, and what is never credited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from bodies import Arm, Figure, Leg, mirrored, painted, series, shifted, without
from shipped import LIBRARY

from posecheck.body.baseline import LEARN_S
from posecheck.body.geometry import levelled
from posecheck.coach.pipeline import Observer
from posecheck.commands.rejudge import observations
from posecheck.exercise import Camera, Dose, Exercise, HysteresisBand, Reps, Rule, Severity
from posecheck.io.store.recording import Recording
from posecheck.pose import (
    SIDES,
    Detection,
    Frame,
    Joint,
    NoPoseReason,
    Observation,
    Pose,
    Side,
)
from posecheck.session.events import (
    Blinded,
    Event,
    FaultCleared,
    FaultRaised,
    RepCounted,
    RepRejected,
    SessionDone,
    SetAnnounced,
    SetDone,
    Sighted,
    StateChanged,
    WorkStarted,
)
from posecheck.session.plan import PlannedSet, plan
from posecheck.session.session import Session, SessionView

GREY = np.full((48, 64, 3), 100, np.uint8)
STRAIGHT = Figure(facing=90.0).pose()
BENT = Figure(facing=90.0, left_leg=Leg(50, 80), right_leg=Leg(50, 80)).pose()
FRONTAL = Figure().pose()


def rule(
    name: str,
    metric: str,
    low: float | None = None,
    high: float | None = None,
    level: Severity = "must",
    grace_s: float = 1.0,
) -> Rule:
    """A rule with a margin of 5."""
    return Rule(name, metric, level, "alignment", "A", 5.0, grace_s, "cue", "voice", low, high)


KNEE = rule("bent", "knee_angle.near", 160.0)
SIDE = Camera("side", "turn side-on", (0.8, 1.2), (2.0, 3.0))
HOLD = Exercise(
    id="stand",
    name="Stand",
    group="core",
    category="hold",
    check="full",
    position="standing",
    sides="none",
    instructions=("Stand tall.",),
    dose=Dose(sets=1, rest_s=2.0, hold_s=3.0),
    safety="",
    camera=SIDE,
    rules=(KNEE,),
)
LIFT = replace(
    HOLD,
    id="lift",
    category="reps",
    dose=Dose(sets=1, rest_s=2.0, reps=3),
    reps=Reps(
        "thigh_incl.near", HysteresisBand(20, 30), HysteresisBand(60, 50), min_s=1.0, max_s=6.0
    ),
    rules=(rule("leaning", "trunk_incl", -10.0, 10.0),),
)
WALK = replace(
    HOLD, id="walk", category="timer", check="none", camera=None, rules=(),
    dose=Dose(sets=1, rest_s=0.0, time_s=4.0),
)  # fmt: skip


@dataclass(frozen=True)
class Played:
    """Everything a session said: the events with their times, and the views."""

    said: list[tuple[float, Event]]
    views: list[SessionView]

    @property
    def events(self) -> list[Event]:
        return [event for _, event in self.said]

    def of(self, kind: type[Event]) -> list[tuple[float, Event]]:
        return [(t, event) for t, event in self.said if isinstance(event, kind)]

    def when(self, kind: type[Event]) -> float:
        """The time of the first event of a kind."""
        return self.of(kind)[0][0]

    def view(self, t: float) -> SessionView:
        return max((v for v in self.views if v.t <= t + 1e-9), key=lambda v: v.t)

    @property
    def last(self) -> SessionView:
        return self.views[-1]


Seen = Pose | None | NoPoseReason


def play(
    planned_sets: PlannedSet | Iterable[PlannedSet],
    *pieces: tuple[Seen, float],
    fps: float = 20.0,
    start: float = 0.0,
    level: int = 2,
) -> Played:
    """Runs a session over a timeline of poses; None is nobody, a word is trouble."""
    given = (planned_sets,) if isinstance(planned_sets, PlannedSet) else planned_sets
    session = Session(given, level)
    played = Played([], [])
    for t, seen in series(*pieces, fps=fps, start=start):
        no_pose_reason: NoPoseReason = seen if isinstance(seen, str) else ""
        pose = None if isinstance(seen, str) else seen
        events = session.update(t, Observation(pose, no_pose_reason))
        played.said.extend((t, event) for event in events)
        played.views.append(session.view)
    return played


def hold(
    seconds: float | None = 3.0, exercise: Exercise = HOLD, side: Side | None = None
) -> PlannedSet:
    return PlannedSet(exercise, side, hold_s=seconds, rest_s=2.0)


def standing(*pieces: tuple[str, float], fps: float) -> Played:
    """A hold without a target before a camera: "live" pictures; "still" ones, each of which repeats
    the one before."""
    session, observer = Session([hold(None)]), Observer()
    played = Played([], [])
    for t, kind in series(*pieces, fps=fps):
        found = Detection(STRAIGHT, repeated=kind == "still")
        observation = observer.update(Frame(t, GREY), found)
        played.said.extend((t, event) for event in session.update(t, observation))
        played.views.append(session.view)
    return played


@pytest.mark.slow
@pytest.mark.parametrize("fps", [2.0, 15.0, 60.0])
def test_a_picture_that_stands_still_is_not_credited(fps: float) -> None:
    """Nor is its first second, in which nobody knows yet that it stands still."""
    played = standing(("live", 10.0), ("still", 30.0), ("live", 10.0), fps=fps)
    before, frozen, last = played.view(10.0 - 1 / fps), played.view(39.0), played.last
    assert frozen.progress.held_s == pytest.approx(before.progress.held_s, abs=0.3)
    assert (frozen.blind, frozen.unjudged, frozen.progress.state) == ("frozen", "frozen", "unseen")
    assert last.progress.held_s - frozen.progress.held_s == pytest.approx(10.0, abs=2.5 / fps + 0.1)
    assert last.progress.unseen_s == pytest.approx(30.0, abs=2.5 / fps + 0.1)
    frozen_t = played.of(Blinded)[-1][0]
    assert played.of(Blinded)[-1][1] == Blinded("frozen")
    assert 11.0 - 1.5 / fps <= frozen_t <= 11.0 + 1.5 / fps


def test_repeated_pictures_of_a_slow_camera_change_nothing() -> None:
    """Five pictures a second in a file of thirty give the seconds of the five."""
    pictures = [(kind, 1 / 30) for _ in range(50) for kind in ("live", *["still"] * 5)]
    slow = standing(*pictures, fps=30.0).last
    plain = standing(("live", 10.0), fps=5.0).last
    assert slow.progress.held_s == pytest.approx(plain.progress.held_s, abs=0.01)
    assert slow.progress.held_s > 8.0
    assert slow.progress.unseen_s == 0.0


def test_a_single_picture_that_stands_still_is_no_hold() -> None:
    played = standing(("live", 1 / 15), ("still", 20.0), fps=15.0)
    assert played.last.progress.held_s == 0.0
    assert "active" not in {view.progress.state for view in played.views}


LEG_UP = replace(Figure(facing=90.0), right_leg=Leg(80, 80))
UP, DOWN = LEG_UP.pose(), STRAIGHT
REPEAT: tuple[tuple[Seen, float], ...] = ((UP, 1.5), (DOWN, 1.0))

"""The first half second of every set: the view is not known yet."""


# --- one set ------------------------------------------------------------------------------------


def test_a_session_needs_a_set() -> None:
    """Nothing to do is refused at the start, not later."""
    with pytest.raises(ValueError, match="at least one set"):
        Session([])


@pytest.mark.parametrize("fps", [5.0, 15.0, 29.97, 60.0])
def test_a_hold_from_ready_to_done(fps: float) -> None:
    """Every event once and in order, the same at every frame rate."""
    played = play(hold(), (STRAIGHT, 10.0), fps=fps)
    assert played.events == [
        SetAnnounced(0),
        WorkStarted(),
        StateChanged("ready", "active"),
        StateChanged("active", "done"),
        SetDone(0),
        SessionDone(),
    ]
    assert played.when(SessionDone) == pytest.approx(3.0, abs=4 / fps)
    assert played.last.phase == "done"
    assert played.last.progress.held_s == 3.0


def test_a_session_that_is_done_says_nothing_more() -> None:
    """Whatever the camera sees afterwards."""
    played = play(hold(), (STRAIGHT, 6.0), (BENT, 5.0), (None, 5.0))
    assert played.said[-1][1] == SessionDone()
    assert played.said[-1][0] < 6.0


def test_a_fault_is_raised_and_cleared_once() -> None:
    """Raised after its patience, cleared when it is kept again."""
    played = play(hold(60.0), (STRAIGHT, 3.0), (BENT, 3.0), (STRAIGHT, 3.0))
    raised, cleared = played.of(FaultRaised), played.of(FaultCleared)
    assert [(round(t, 1), event) for t, event in raised] == [(4.0, FaultRaised(KNEE))]
    assert [(round(t, 1), event) for t, event in cleared] == [(6.0, FaultCleared(KNEE))]


def test_a_broken_form_pauses_and_is_not_credited() -> None:
    """The seconds before stay; the wrong ones are counted separately."""
    played = play(hold(60.0), (STRAIGHT, 5.0), (BENT, 3.0))
    assert played.last.progress.state == "paused"
    assert played.last.progress.held_s == pytest.approx(5.0, abs=0.15)
    assert played.last.progress.wrong_s == pytest.approx(3.0, abs=0.15)


def test_a_beginner_is_given_one_more_margin() -> None:
    """The level of the session widens the musts."""
    slightly = Figure(facing=90.0, right_leg=Leg(14, 27)).pose()
    assert play(hold(), (slightly, 6.0)).last.progress.held_s == 0
    assert play(hold(), (slightly, 6.0), level=1).last.progress.held_s == 3.0


def test_parts_that_are_needed_and_not_seen_are_named() -> None:
    """What keeps the set from being judged, in plain words."""
    hidden = without(STRAIGHT, Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE)
    played = play(hold(), (hidden, 3.0))
    assert played.last.progress.state == "unseen"
    assert "ankle" in played.last.parts
    assert played.last.verdict.unseen == ("bent",)
    assert played.last.progress.held_s == 0


# --- getting ready ------------------------------------------------------------------------------

RELATIVE = replace(HOLD, rules=(rule("moved", "trunk_incl_delta", -8.0, 8.0),))


def leaning(degrees: float) -> Pose:
    return Figure(facing=90.0, incl=degrees).pose()


def test_the_neutral_is_learnt_before_the_work_begins() -> None:
    """A relative rule needs quiet seconds first, and is then measured against them."""
    played = play(hold(60.0, RELATIVE), (leaning(2), 4.0), (leaning(18), 3.0))
    assert played.when(WorkStarted) == pytest.approx(LEARN_S, abs=0.11)
    assert played.view(3.9).values["trunk_incl_delta"] == pytest.approx(0)
    assert played.last.values["trunk_incl_delta"] == pytest.approx(16)
    assert played.last.progress.state == "paused"


def test_a_restless_person_is_waited_for() -> None:
    """No neutral is learnt from movement."""
    restless: list[tuple[Seen, float]] = [(leaning(0), 0.2), (leaning(20), 0.2)] * 10
    played = play(hold(60.0, RELATIVE), *restless, (leaning(0), 3.0))
    assert played.when(WorkStarted) > 4.0 + LEARN_S
    assert played.last.values["trunk_incl_delta"] == pytest.approx(0)


# --- blind --------------------------------------------------------------------------------------


def test_the_wrong_view_does_not_begin() -> None:
    """Facing the camera where a flank is asked for: ready for ever, and the reason is given."""
    played = play(hold(), (FRONTAL, 10.0))
    assert played.events == [SetAnnounced(0), Blinded("view")]
    assert played.last.phase == "ready"
    assert played.last.blind == "view"


@pytest.mark.parametrize(
    ("lost", "why"),
    [(FRONTAL, "view"), (None, "nobody"), ("someone_else", "someone_else")],
)
def test_what_cannot_be_judged_has_no_faults_and_no_credit(lost: Seen, why: str) -> None:
    """Turned away, gone, or somebody else: unseen seconds, nothing else."""
    played = play(hold(60.0), (STRAIGHT, 4.0), (lost, 4.0), (STRAIGHT, 4.0))
    blind = played.of(Blinded)[0]
    assert blind[1] == Blinded(why)  # type: ignore[arg-type]
    assert blind[0] == pytest.approx(4.5 if why == "view" else 4.0, abs=0.06)
    during = played.view(7.9)
    assert during.blind == why
    assert during.progress.state == "unseen"
    assert during.progress.wrong_s == 0
    assert during.progress.unseen_s == pytest.approx(4.0 if why != "view" else 3.5, abs=0.15)
    assert during.verdict.form == "unknown"
    assert played.of(FaultRaised) == []
    assert played.last.progress.state == "active"
    assert played.last.progress.held_s < 4.0 + 4.0


def test_bent_knees_facing_the_camera_are_no_fault() -> None:
    """In the wrong view the metrics do not mean what they say."""
    squat = replace(Figure(), left_leg=Leg(50, 80), right_leg=Leg(50, 80)).pose()
    played = play(hold(60.0), (STRAIGHT, 3.0), (squat, 5.0))
    assert [t for t, _ in played.of(FaultRaised) if t > 3.6] == []


def one_legged(side: Side) -> Pose:
    """Side-on, one leg raised in front, so that the raised thigh is level."""
    raised, straight = Leg(80, 80), Leg(0, 0)
    legs = (raised, straight) if side == "left" else (straight, raised)
    return Figure(facing=90.0, left_leg=legs[0], right_leg=legs[1]).pose()


RAISED = replace(HOLD, sides="each", rules=(rule("raised", "thigh_incl.work", 60.0, 100.0),))


def test_the_wrong_side_is_reported_and_not_judged() -> None:
    """The left leg is raised in a set for the right: no fault, no wrong seconds, and the reason."""
    pieces: list[tuple[Seen, float]] = [
        (one_legged("right"), 3.0), (STRAIGHT, 1.0), (one_legged("left"), 6.0), (STRAIGHT, 6.0),
        (one_legged("right"), 3.0),
    ]  # fmt: skip
    played = play(hold(60.0, RAISED, "right"), *pieces)
    assert [event for _, event in played.of(Blinded)] == [Blinded("wrong_side")]
    assert played.when(Blinded) == pytest.approx(4.0 + 2.0, abs=0.3)
    told, later = played.view(6.5).progress, played.view(9.9).progress
    assert later.wrong_s == pytest.approx(told.wrong_s, abs=0.06)
    assert later.unseen_s - told.unseen_s == pytest.approx(3.4, abs=0.1)
    assert played.last.progress.held_s == pytest.approx(6.0, abs=0.2)


def test_both_sides_at_once_are_the_sets_own() -> None:
    """What is right on the set's own side is credited, whatever the other side does."""
    straight = replace(HOLD, sides="each", rules=(rule("bent", "knee_angle.work", 160.0),))
    played = play(hold(60.0, straight, "right"), (STRAIGHT, 6.0))
    assert played.of(Blinded) == []
    assert played.last.progress.held_s == pytest.approx(6.0, abs=0.2)


@pytest.mark.parametrize("side", SIDES)
def test_the_flank_decides_where_the_rules_read_the_same_for_both_sides(side: Side) -> None:
    """A stretch whose working leg belongs nearest to the camera, with rules for whichever leg."""
    assert HOLD.camera is not None
    either = rule("raised", "thigh_incl.max", 60.0, 100.0)
    camera = replace(HOLD.camera, near="work")
    either_leg = replace(HOLD, sides="each", camera=camera, rules=(either,))
    played = play(hold(60.0, either_leg, side), (one_legged("left"), 6.0))
    near = played.last.near
    assert near is not None
    right = near == side
    assert [event for _, event in played.of(Blinded)] == ([] if right else [Blinded("wrong_side")])
    assert played.last.progress.held_s == pytest.approx(6.0 if right else 0.0, abs=0.2)


def test_repetitions_of_the_other_side_are_reported() -> None:
    """They do not count, and the set says which side it is for."""
    assert LIFT.reps is not None
    lift = replace(LIFT, sides="each", reps=replace(LIFT.reps, metric="thigh_incl.work"), rules=())
    left: tuple[tuple[Seen, float], ...] = ((one_legged("left"), 1.5), (DOWN, 1.0))
    right: tuple[tuple[Seen, float], ...] = ((one_legged("right"), 1.5), (DOWN, 1.0))
    planned = PlannedSet(lift, "right", reps=9)
    played = play(planned, (DOWN, 1.0), *left * 3, (DOWN, 5.0), *right * 2)
    assert [event for _, event in played.of(Blinded)] == [Blinded("wrong_side")]
    assert played.last.progress.reps == 2


def test_a_leaning_camera_changes_no_verdict() -> None:
    """The user stands straight first; what a level camera calls right stays right."""
    upright = replace(HOLD, rules=(rule("tall", "trunk_incl", -6.0, 6.0),))
    played = play(hold(60.0, upright), (levelled(STRAIGHT, -9.0), 6.0))
    assert played.last.camera_lean == pytest.approx(9.0, abs=2.0)
    assert played.last.progress.held_s > 5.0


def test_a_camera_on_its_side_is_reported() -> None:
    """Nothing is judged, and the reason is given."""
    played = play(hold(60.0), (levelled(STRAIGHT, 90.0), 5.0))
    assert [event for _, event in played.of(Blinded)] == [Blinded("sideways")]
    assert played.last.progress.held_s == played.last.progress.wrong_s == 0


def test_a_short_turn_does_not_blind() -> None:
    """Half a second of patience with the view."""
    played = play(hold(60.0), (STRAIGHT, 3.0), (FRONTAL, 0.4), (STRAIGHT, 3.0))
    assert not played.of(Blinded)


def test_once_working_an_exercise_may_turn_the_body() -> None:
    """The tolerance of the camera holds in the work and not before."""
    turning = replace(HOLD, camera=replace(SIDE, tolerance=30.0))
    turned = Figure(facing=30.0).pose()
    assert play(hold(60.0, turning), (turned, 4.0)).last.phase == "ready"
    worked = play(hold(60.0, turning), (STRAIGHT, 3.0), (turned, 3.0))
    assert worked.last.blind == ""
    assert play(hold(60.0), (STRAIGHT, 3.0), (turned, 3.0)).last.blind == "view"


def test_from_one_blindness_to_another_is_reported() -> None:
    """The reason that holds now is the one that is said."""
    played = play(hold(60.0), (STRAIGHT, 2.0), (None, 2.0), ("someone_else", 2.0), (STRAIGHT, 2.0))
    sight_events = [event for _, event in played.said if isinstance(event, Blinded | Sighted)]
    assert sight_events == [Blinded("nobody"), Blinded("someone_else"), Sighted()]


def test_a_restless_person_is_known_to_be_learnt() -> None:
    """While the neutral is not known the view says so, and no longer once it is."""
    relative = replace(HOLD, rules=(rule("head", "head_trunk_delta", -10.0, 10.0),))
    restless = [(shifted(STRAIGHT, 3 * step, 0), 0.05) for step in range(60)]
    played = play(hold(60.0, relative), *restless, (STRAIGHT, 3.0))
    assert played.view(2.5).phase == "ready"
    assert played.view(2.5).learning
    assert played.last.phase == "work"
    assert not played.last.learning


def followed(session: Session, pose: Pose, seconds: float, start: float = 0.0) -> None:
    """The session sees one pose for these seconds."""
    for t, seen in series((pose, seconds), fps=20.0, start=start):
        session.update(t, Observation(seen))


def test_a_track_reset_before_anything_counted_has_the_neutral_learnt_again() -> None:
    """What a wrong skeleton has taught is forgotten."""
    relative = replace(HOLD, rules=(rule("lifted", "lift_trunk", -10.0, 10.0),))
    session = Session([hold(60.0, relative)])
    followed(session, STRAIGHT, 0.8)
    session.update(0.8, Observation(STRAIGHT, track_reset=True))
    assert (session.view.learning, session.view.phase) == (True, "ready")
    followed(session, STRAIGHT, 4.0, start=0.85)
    assert session.view.phase == "work"
    assert session.view.progress.held_s > 1.0


def test_a_track_reset_inside_the_exercise_leaves_the_neutral_unknown() -> None:
    """A stillness now would be the exercise itself: the seconds stay, the rest is unknown."""
    relative = replace(HOLD, rules=(rule("lifted", "lift_trunk", -10.0, 10.0),))
    session = Session([hold(60.0, relative)])
    followed(session, STRAIGHT, 5.0)
    held = session.view.progress.held_s
    assert held > 2.0
    session.update(5.0, Observation(STRAIGHT, track_reset=True))
    assert (session.view.learning, session.view.phase) == (False, "work")
    followed(session, STRAIGHT, 3.0, start=5.05)
    again = session.view
    assert again.progress.held_s == pytest.approx(held, abs=0.06)
    assert again.progress.state == "unseen"
    assert again.progress.wrong_s == 0


def test_a_set_by_the_clock_tells_its_seconds() -> None:
    """The view of a set that ends by the clock knows the seconds since its work began."""
    played = play(PlannedSet(LIFT, reps=50, time_s=5.0), (STRAIGHT, 4.0))
    begun = played.when(WorkStarted)
    assert played.last.clock_s == pytest.approx(3.95 - begun, abs=0.11)


def test_a_fault_that_outlives_a_blindness_is_raised_once() -> None:
    """A fault is raised, and then cleared: never raised twice in a row."""
    played = play(hold(60.0), (STRAIGHT, 2.0), (BENT, 3.0), (None, 2.0), (BENT, 3.0))
    assert len(played.of(FaultRaised)) == 1 + len(played.of(FaultCleared))


def test_a_fault_mended_while_nobody_looked_is_cleared() -> None:
    """After the blindness the fault is gone, and that is reported."""
    played = play(hold(60.0), (STRAIGHT, 2.0), (BENT, 3.0), (None, 2.0), (STRAIGHT, 3.0))
    assert [event for _, event in played.of(FaultCleared)] == [FaultCleared(KNEE)]


def test_patience_does_not_run_while_nobody_looks() -> None:
    """Bent briefly before and briefly after an absence: not bent for all that time."""
    absence: list[tuple[Seen, float]] = [(BENT, 0.2), (None, 5.0), (BENT, 0.5)]
    assert play(hold(60.0), (STRAIGHT, 2.0), *absence).of(FaultRaised) == []


def test_stillness_does_not_last_through_an_absence() -> None:
    """The neutral is learnt from stillness in one piece."""
    relative = replace(HOLD, rules=(rule("head", "head_trunk_delta", -10.0, 10.0),))
    seen: list[tuple[Seen, float]] = [(STRAIGHT, 0.5), (FRONTAL, 3.0), (STRAIGHT, 3.0)]
    played = play(hold(60.0, relative), *seen)
    assert played.when(WorkStarted) == pytest.approx(3.5 + 0.5 + LEARN_S, abs=0.11)


def test_the_ends_of_a_gap_are_parts() -> None:
    """A distance that cannot be measured names the joints that are missing."""
    reach = replace(HOLD, rules=(rule("reach", "gap(wrist.near,knee.near)", None, 9.0),))
    wrist = without(STRAIGHT, Joint.RIGHT_WRIST, Joint.LEFT_WRIST)
    assert "wrist" in play(hold(60.0, reach), (wrist, 4.0)).last.parts


# --- sets ---------------------------------------------------------------------------------------


def test_between_two_sets_there_is_a_rest() -> None:
    """Work, rest, ready, work; the rest counts down and nothing is judged in it."""
    played = play((hold(2.0), hold(1.0)), (STRAIGHT, 3.3), (BENT, 1.0), (STRAIGHT, 6.0))
    assert [e for e in played.events if not isinstance(e, StateChanged)] == [
        SetAnnounced(0), WorkStarted(), SetDone(0),
        SetAnnounced(1), WorkStarted(), SetDone(1), SessionDone(),
    ]  # fmt: skip
    over, again = played.when(SetDone), played.of(SetAnnounced)[1][0]
    assert again - over == pytest.approx(2.0, abs=0.06)
    assert played.view(over + 1.0).phase == "rest"
    assert played.view(over + 1.0).rest_s == pytest.approx(1.0, abs=0.06)
    assert [played.view(t).index for t in (over, again)] == [0, 1]


def test_left_and_right_are_judged_on_their_own_side() -> None:
    """Two sides back to back: the work side of each set is the one that is measured."""
    up = rule("low", "thigh_incl.work", 45.0)
    exercise = replace(HOLD, sides="each", rules=(up,))
    left = Figure(facing=90.0, left_leg=Leg(80, 80)).pose()
    right = Figure(facing=90.0, right_leg=Leg(80, 80)).pose()
    planned_sets = (hold(2.0, exercise, "left"), hold(2.0, exercise, "right"))
    played = play(planned_sets, (left, 5.5), (right, 4.0))
    assert [e for e in played.events if isinstance(e, SetDone | SessionDone)] == [
        SetDone(0), SetDone(1), SessionDone(),
    ]  # fmt: skip
    other = play(planned_sets, (right, 10.0))
    assert other.last.index == 0
    assert other.of(SetDone) == []


def test_a_body_facing_left_is_judged_like_one_facing_right() -> None:
    """The whole session in the mirror says the same."""
    here = play(hold(), (STRAIGHT, 3.0), (BENT, 2.0), (STRAIGHT, 5.0))
    there = play(
        hold(), (mirrored(STRAIGHT), 3.0), (mirrored(BENT), 2.0), (mirrored(STRAIGHT), 5.0)
    )
    assert here.said == there.said


# --- repetitions --------------------------------------------------------------------------------


@pytest.mark.parametrize("fps", [5.0, 15.0, 30.0])
def test_repetitions_to_the_target(fps: float) -> None:
    """Each counts once; at the target the set is done."""
    played = play(PlannedSet(LIFT, reps=3), (DOWN, 2.0), *REPEAT * 5, fps=fps)
    counted = [event for _, event in played.of(RepCounted)]
    assert counted == [RepCounted(1), RepCounted(2), RepCounted(3)]
    assert played.events[-3:] == [StateChanged("active", "done"), SetDone(0), SessionDone()]
    assert played.last.progress.reps == 3


def test_a_movement_that_does_not_count_says_why() -> None:
    """Too fast, too small: reported and not counted."""
    small = replace(LEG_UP, right_leg=Leg(50, 50)).pose()
    played = play(
        PlannedSet(LIFT, reps=9), (DOWN, 2.0), (UP, 0.4), (DOWN, 1.0), (small, 2.0), (DOWN, 1.0)
    )
    assert [event for _, event in played.of(RepRejected)] == [
        RepRejected("too_fast"), RepRejected("too_small"),
    ]  # fmt: skip
    assert played.last.progress.reps == 0


def test_a_repetition_in_broken_form_does_not_count() -> None:
    """Thrown from the trunk is not lifted from the leg."""
    thrown = replace(LEG_UP, incl=-30.0, right_leg=Leg(50, 80)).pose()
    played = play(PlannedSet(LIFT, reps=9), (DOWN, 2.0), (thrown, 1.5), (DOWN, 1.0))
    assert [event for _, event in played.of(RepRejected)] == [RepRejected("bad_form")]


def test_nothing_counts_while_it_cannot_be_judged() -> None:
    """In the wrong view nothing moves forward."""
    assert LIFT.reps is not None
    away: list[tuple[Seen, float]] = [(replace(LEG_UP, facing=0.0).pose(), 1.5), (FRONTAL, 1.0)]
    played = play(PlannedSet(LIFT, reps=9), (DOWN, 2.0), (FRONTAL, 1.0), *away * 3)
    assert played.last.progress.reps == 0


def test_two_limbs_are_counted_each() -> None:
    """Left, right, left, right: four."""
    assert LIFT.reps is not None
    march = replace(LIFT, reps=replace(LIFT.reps, metric="thigh_incl", each=True))
    other = Figure(facing=90.0, left_leg=Leg(80, 80)).pose()
    steps: list[tuple[Seen, float]] = [(UP, 1.5), (DOWN, 1.0), (other, 1.5), (DOWN, 1.0)]
    played = play(PlannedSet(march, reps=20), (DOWN, 2.0), *steps * 2)
    assert [event for _, event in played.of(RepCounted)] == [RepCounted(n) for n in (1, 2, 3, 4)]


def test_both_labels_on_one_leg_are_one_repetition() -> None:
    """The model sometimes puts both legs on the one that is raised."""
    assert LIFT.reps is not None
    march = replace(LIFT, reps=replace(LIFT.reps, metric="thigh_incl", each=True))
    doubled = replace(LEG_UP, left_leg=Leg(80, 80)).pose()
    played = play(PlannedSet(march, reps=20), (DOWN, 2.0), (doubled, 1.5), (DOWN, 1.0))
    assert [event for _, event in played.of(RepCounted)] == [RepCounted(1)]


def test_a_hidden_leg_that_is_raised_first_counts() -> None:
    """While the other leg rests, the one behind it does too."""
    assert LIFT.reps is not None
    march = replace(LIFT, reps=replace(LIFT.reps, metric="thigh_incl", each=True))
    hidden = without(DOWN, Joint.LEFT_KNEE)
    raised = Figure(facing=90.0, left_leg=Leg(80, 80)).pose()
    played = play(PlannedSet(march, reps=20), (hidden, 2.0), (raised, 1.5), (DOWN, 1.0))
    assert [event for _, event in played.of(RepCounted)] == [RepCounted(1)]


@pytest.mark.parametrize("exercise", [LIFT, HOLD], ids=["reps", "hold"])
def test_a_time_ends_a_set_whatever_was_done(exercise: Exercise) -> None:
    """`time_s` of work: done, with what was reached."""
    played = play(PlannedSet(exercise, time_s=5.0), (STRAIGHT, 9.0))
    assert played.when(SetDone) - played.when(WorkStarted) == pytest.approx(5.0, abs=0.11)
    assert played.last.progress.state == "done"


def test_an_open_set_goes_on() -> None:
    """Without a target nothing is ever done: a recording."""
    played = play(PlannedSet(HOLD), (STRAIGHT, 60.0), fps=10)
    assert played.of(SetDone) == []
    assert played.last.progress.held_s == pytest.approx(60.0, abs=0.3)


# --- timers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seen", [None, FRONTAL, "nobody"])
def test_a_timer_needs_nobody(seen: Seen) -> None:
    """What no camera can check runs on the clock and is never called right."""
    played = play(PlannedSet(WALK), (seen, 8.0))
    assert played.when(SetDone) - played.when(WorkStarted) == pytest.approx(4.0, abs=0.11)
    assert played.last.progress.held_s == 0
    assert played.last.progress.unchecked_s == pytest.approx(4.0, abs=0.11)
    assert played.of(FaultRaised) == []


# --- masks --------------------------------------------------------------------------------------


def test_masks_are_asked_for_only_where_the_back_is_judged() -> None:
    """The silhouette costs time: only sets with a rule about the back want it."""
    back = replace(HOLD, rules=(rule("round", "back_convexity", None, 0.1),))
    session = Session([hold(60.0, back)])
    assert session.mask_need(0.0) == "now"
    session.update(0.0, Observation(painted(STRAIGHT)))
    assert session.mask_need(0.05) == "soon"
    assert session.mask_need(0.2) == "now"
    assert Session([hold()]).mask_need(0.0) == "none"


def test_an_unchecked_set_needs_no_mask() -> None:
    """A set that goes on by the clock is not judged, so its masks would be computed for nothing."""
    planned = PlannedSet(replace(HOLD, rules=(rule("round", "back_turn", high=15.0),)), hold_s=30.0)
    session = Session([planned])
    followed(session, STRAIGHT, 1.0)
    assert "now" in {session.mask_need(1.0 + n / 10) for n in range(10)}
    session.uncheck()
    assert {session.mask_need(2.0 + n / 10) for n in range(10)} == {"none"}


def test_a_set_placed_again_shows_nothing_of_before() -> None:
    """A user who is to take the place again sees no verdict of the frames before."""
    session = Session([hold(None)])
    followed(session, BENT, 5.0)
    assert session.view.verdict.faults
    session.place_again()
    assert session.view.phase == "ready"
    assert not session.view.verdict.faults
    assert not session.view.parts


def test_the_time_of_a_pause_is_not_counted_by_the_clock() -> None:
    """What a paused session does not see is no time of the set."""
    session = Session([PlannedSet(WALK, time_s=60.0)])
    followed(session, STRAIGHT, 5.0)
    before = session.view.clock_s
    session.place_again()
    session.update(5.5, Observation(STRAIGHT, ""))
    followed(session, STRAIGHT, 1.0, start=5.5)
    assert session.view.clock_s <= before + 1.1


def test_no_masks_in_the_rest() -> None:
    """Nothing is judged between the sets. The rest asks for what the coming set needs, so that the
    tracker is exchanged before that set begins."""
    back = replace(HOLD, rules=(rule("round", "back_convexity", None, 0.2),))
    plain = replace(HOLD, id="plain")
    session = Session([hold(1.0, back), hold(1.0, back), hold(1.0, plain), hold(1.0, back)])
    masked, bare = painted(STRAIGHT), STRAIGHT
    needs: dict[tuple[int, str], set[str]] = {}
    for t, _ in series((0, 12.0), fps=10):
        need = session.mask_need(t)
        needs.setdefault((session.view.index, session.view.phase), set()).add(need)
        session.update(t, Observation(masked if need == "now" else bare))
    assert needs[0, "rest"] == {"soon"}
    assert needs[1, "work"] == {"now", "soon"}
    assert needs[1, "rest"] == {"none"}
    assert needs[2, "work"] == {"none"}
    assert needs[2, "rest"] == {"soon"}


# --- plans --------------------------------------------------------------------------------------


def test_the_plan_of_a_routine_is_its_lines_in_order() -> None:
    """Sets and sides of the shipped shoulder routine, left and right back to back."""
    planned_sets = plan(LIBRARY.routines["upper_back_shoulders"], LIBRARY.exercises)
    said = [
        (planned.exercise.id, planned.side, planned.number, planned.of) for planned in planned_sets
    ]
    start = next(i for i, entry in enumerate(said) if entry[0] == "arm_across_body")
    assert said[start : start + 4] == [
        ("arm_across_body", "left", 1, 4),
        ("arm_across_body", "right", 2, 4),
        ("arm_across_body", "left", 3, 4),
        ("arm_across_body", "right", 4, 4),
    ]
    assert [planned.rest_s for planned in planned_sets[start : start + 4]] == [6.0] * 4
    chest = [planned for planned in planned_sets if planned.exercise.id == "chest_opener"]
    assert chest[0].rest_s > chest[1].rest_s == 6.0
    assert [(planned.side, planned.number, planned.of, planned.hold_s) for planned in chest] == [
        (None, 1, 2, 30.0), (None, 2, 2, 30.0),
    ]  # fmt: skip


def test_the_first_side_can_be_chosen() -> None:
    """Whoever starts on the right does so throughout."""
    planned_sets = plan(LIBRARY.routines["upper_back_shoulders"], LIBRARY.exercises, "right")
    sides = [planned.side for planned in planned_sets if planned.side]
    assert sides[::2] == ["right"] * (len(sides) // 2)
    assert sides[1::2] == ["left"] * (len(sides) // 2)


def test_a_line_by_the_clock_has_no_number_of_repetitions() -> None:
    """Thirty seconds of marching last thirty seconds, however quick."""
    marching = plan(LIBRARY.routines["full_daily"], LIBRARY.exercises)[0]
    assert (marching.exercise.id, marching.time_s, marching.reps) == ("high_knees", 30.0, None)


@pytest.mark.parametrize("name", sorted(LIBRARY.routines))
def test_every_shipped_routine_has_a_plan(name: str) -> None:
    """Each line gives its sets on its sides, in order, and every set can end."""
    routine = LIBRARY.routines[name]
    planned_sets = list(plan(routine, LIBRARY.exercises))
    for step in routine.steps:
        mine, planned_sets = (
            planned_sets[: step.sets * step.sides],
            planned_sets[step.sets * step.sides :],
        )
        assert {planned.exercise.id for planned in mine} == {step.exercise}
        assert [planned.number for planned in mine] == list(range(1, len(mine) + 1))
        assert {planned.of for planned in mine} == {len(mine)}
        each = LIBRARY.exercises[step.exercise].sides == "each"
        assert all((planned.side is not None) == each for planned in mine)
        assert all(planned.hold_s or planned.reps or planned.time_s for planned in mine)
    assert planned_sets == []


def test_each_set_of_a_shipped_exercise_can_be_begun() -> None:
    """Every exercise of the library runs a second of a standing body without an error."""
    poses = [painted(STRAIGHT), Figure(facing=20.0, left_arm=Arm(90, 90)).pose()]
    for exercise in LIBRARY.exercises.values():
        sides: tuple[Side | None, ...] = ("left", "right") if exercise.sides == "each" else (None,)
        for side in sides:
            for pose in poses:
                play(PlannedSet(exercise, side), (pose, 2.5), (None, 0.2), (pose, 0.3), fps=5)


@pytest.mark.parametrize(
    ("number", "of", "faults"),
    [(1, 2, set()), (2, 2, {"not_backwards"}), (3, 4, set()), (1, 1, set())],
)
def test_each_set_of_circles_has_its_direction(number: int, of: int, faults: set[str]) -> None:
    """A rendered person circles forwards: right in the first set, and in a lone set, which names no
    direction; in the second set the other way is asked for. The circles count all the same."""
    exercise = LIBRARY.exercises["arm_circles"]
    session = Session([PlannedSet(exercise, None, number, of)])
    path = Path(__file__).parents[1] / "recordings/rendered/arm_circles_adam_L.rec"
    raised: set[str] = set()
    for frame, seen in observations(Recording(path).frames()):
        events = session.update(frame.t, seen)
        raised |= {event.rule.id for event in events if isinstance(event, FaultRaised)}
    assert raised & {"not_forwards", "not_backwards"} == faults
    assert session.view.progress.reps == 8
