"""What holds in every led session: cases that once broke it, and laws over random timelines."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest
from bodies import Arm, Figure, Leg, series, without
from led import (
    BENT,
    BOW,
    FRONTAL,
    PHRASES,
    RAISED,
    STAND,
    STRAIGHT,
    LedSession,
    Seen,
    hold,
    lead,
    leaning,
)  # fmt: skip
from shipped import EXERCISES, LIBRARY

from posecheck.coach.giving_up import NOT_BEGUN_S
from posecheck.coach.guide import Command, Guide, GuideView
from posecheck.coach.summary import WorstMoments, summarise
from posecheck.coach.tally import SessionStats
from posecheck.coach.tones import Tone, tones
from posecheck.pose import Joint, NoPoseReason, Observation, Pose
from posecheck.session.events import Event, SessionDone, SetAnnounced, SetDone
from posecheck.session.plan import PlannedSet, plan
from posecheck.session.posture_gate import ASTRAY_S

BEND = Leg(45, 90)
HUGGING = Figure(facing=90, incl=-90, left_leg=BEND, right_leg=Leg(135, 130)).pose()
FOLDED = Figure(facing=90, incl=95, left_leg=Leg(145, 140), right_leg=Leg(145, 140),
                left_arm=Arm(170), right_arm=Arm(170)).pose()  # fmt: skip
CORE = replace(STAND, id="alpha", name="Alpha")
SHARP: tuple[tuple[Seen, float], ...] = (("pain", 1.0), ("sharp", 1.0))


def heard(led: LedSession) -> list[Tone]:
    return [tone for t in sorted({t for t, _ in led.events})
            for tone in tones(e for at, e in led.events if at == t)]  # fmt: skip


# --- pain ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("wait_s", [0.5, 6.0], ids=["in the rest", "in the next set"])
def test_no_key_leads_back_to_what_hurt(wait_s: float) -> None:
    """Back passes over a group that is left out; with nothing before it, it does nothing."""
    led = lead([hold(CORE, 20.0), hold(CORE, 20.0), hold(BOW, 20.0)], (STRAIGHT, 5.0), *SHARP,
               ("close", wait_s), ("back", 6.0))  # fmt: skip
    begun = [index for _, index in of_tasks(led)]
    assert begun == ["alpha", "bow"]


def test_going_back_does_not_lead_through_what_hurt_again() -> None:
    """A group that is left out is struck from what lies ahead as well."""
    planned_sets = [hold(BOW, 2.0, 1.0), hold(CORE, 20.0), hold(replace(BOW, id="last"), 2.0)]
    led = lead(planned_sets, (leaning(0.0), 3.0), (leaning(45.0), 4.0), (STRAIGHT, 8.0), *SHARP,
               ("close", 8.0), ("back", 8.0), (leaning(45.0), 4.0), (STRAIGHT, 6.0))  # fmt: skip
    assert [name for _, name in of_tasks(led)] == ["bow", "alpha", "last", "bow", "last"]


def of_tasks(led: LedSession) -> list[tuple[float, str]]:
    """When which exercise was begun."""
    begun = [t for t, event in led.events if isinstance(event, SetAnnounced)]
    return [(t, led.at(t).session.planned.exercise.id) for t in begun]


def test_a_second_pain_never_asks_for_more() -> None:
    """Eased twice, the bound only falls, even when the rest was not seen again in between."""
    eased: tuple[tuple[Seen, float], ...] = (("pain", 1.0), ("mild", 6.0), ("easing", 1.0))
    led = lead([hold(BOW, 4.0, 1.0), hold(BOW, 20.0)], (leaning(0.0), 4.0), (leaning(45.0), 2.0),
               *eased, (leaning(45.0), 8.0), *eased)  # fmt: skip
    bounds = [view.session.planned.exercise.rules[1].min or 0.0 for _, view in led.views]
    assert led.last.session.index == 1
    assert bounds[0] == 40.0
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[-1] == pytest.approx(24.0)


def test_pain_in_the_last_set_is_not_applauded() -> None:
    """No praise and no rest are announced: the session is over."""
    led = lead([hold()], (STRAIGHT, 3.0), ("pain", 1.0), ("mild", 1.0), ("not_easing", 3.0))
    assert led.said("over")
    assert led.said("done") == []
    sharp = lead([hold()], (STRAIGHT, 3.0), *SHARP, ("close", 3.0))
    assert sharp.said("over")
    assert sharp.said("rest") == []
    assert "done" not in heard(led) + heard(sharp)


def test_pain_after_a_skip_announces_no_set_that_is_over() -> None:
    """Skip and pain in one frame: a set that was never announced is not announced in its rest."""
    guide = Guide([hold(CORE, 20.0), hold(BOW, 20.0), hold(CORE, 20.0)], PHRASES)
    keys: dict[float, tuple[Command, ...]] = {
        3.0: ("skip", "pain"),
        4.0: ("sharp",),
        5.0: ("close",),
    }
    begun: list[int] = []
    for t, pose in series((STRAIGHT, 14.0), fps=20.0):
        for key in keys.get(t, ()):
            guide.command(key)
        led = guide.update(t, Observation(pose, brightness=120.0))
        begun += [event.index for event in led.events if isinstance(event, SetAnnounced)]
    assert begun == [0, 2]


# --- sight --------------------------------------------------------------------------------------


def test_a_user_who_flickers_has_come_back() -> None:
    """Drop-outs of a tenth of a second do not keep a session waiting for ever."""
    flicker: list[tuple[Seen, float]] = [(STRAIGHT, 0.6), ("nobody", 0.1)] * 20
    led = lead([hold(seconds=5.0)], (STRAIGHT, 4.0), ("nobody", 4.0), *flicker)
    assert led.last.session.phase == "done"


def test_a_user_who_is_not_seen_is_called_at_doubling_intervals_and_may_go_on() -> None:
    """The way on is said after 20 s, 40 s more and 80 s more. A key goes on without form check."""
    led = lead([hold(seconds=5.0)], (STRAIGHT, 4.0), ("nobody", 160.0), ("uncheck", 20.0))
    paused = led.said("halt_left")[0]
    assert [t - paused for t in led.said("halt_call")] == [pytest.approx(s, abs=0.1)
                                                          for s in (20, 60, 140)]  # fmt: skip
    assert led.last.session.phase == "done"
    assert led.tally.sets[0].unchecked_s == pytest.approx(4.0, abs=1.2)


def test_a_user_who_had_left_is_still_gone_when_the_camera_is_back() -> None:
    """A camera that comes back is no person."""
    led = lead([hold(seconds=20.0)], (STRAIGHT, 4.0), ("nobody", 4.0), ("camera", 3.0),
               ("nobody", 3.0))  # fmt: skip
    assert led.last.halted == "left"
    assert led.said("resumed") == []


@pytest.mark.slow
@pytest.mark.parametrize("every", [9.0, 20.0, 60.0])
def test_repeated_resets_of_the_track_do_not_keep_a_set_from_ending(every: float) -> None:
    """A set in which nothing counts is given up all the same."""
    led = lead([hold()], (BENT, 2 * NOT_BEGUN_S), reset_every_s=every, fps=10.0)
    assert [event.why for _, event in led.events if isinstance(event, SetDone)] == ["hard"]


@pytest.mark.parametrize("what", ["reset", "pain", "sleep"])
def test_the_running_timer_never_stops_in_silence(what: str) -> None:
    """A track reset, a pain, a closed lid: the tone of the stop sounds."""
    guide = Guide([hold(seconds=60.0)], PHRASES)
    sounded: list[Tone] = []
    for t, pose in series((STRAIGHT, 8.0), fps=20.0):
        if what == "pain" and t == 6.0:
            guide.command("pain")
        late = 600.0 if what == "sleep" and t >= 6.0 else 0.0
        reset = what == "reset" and t == 6.0
        seen = Observation(pose, track_reset=reset, brightness=120.0)
        sounded += tones(guide.update(t + late, seen).events)
    assert sounded == ["runs", "stopped"]


def test_a_clock_does_not_run_unseen() -> None:
    """Sets that end by the clock wait while the user cannot be judged."""
    march = EXERCISES["high_knees"]
    led = lead(
        [PlannedSet(march, time_s=20.0)], (FRONTAL, 6.0), ("someone_else", 5.0), (FRONTAL, 1.0)
    )
    before, after = led.at(6.5).session.clock_s, led.last.session.clock_s
    assert after - before < 2.0


def test_seconds_of_a_pause_are_not_wrong_ones() -> None:
    """A pause between right seconds adds no wrong ones."""
    pauses: list[tuple[Seen, float]] = [("pause", 1.0), ("pause", 5.0)] * 4
    led = lead([hold(seconds=30.0)], (STRAIGHT, 6.0), *pauses)
    assert led.tally.sets[0].wrong_s == 0.0
    assert led.tally.sets[0].form == "steady"


@pytest.mark.parametrize("before_s", [0.0, 12.0], ids=["from the start", "in the middle"])
def test_a_body_in_another_posture_gets_nothing(before_s: float) -> None:
    """Child's pose is no knee to the chest. The set does not begin with it; two seconds of it in
    the work return the user to the start position."""
    planned = PlannedSet(EXERCISES["knee_to_chest"], "right", hold_s=30.0)
    led = lead([planned], (HUGGING, before_s), (FOLDED, 12.0))
    held = led.at(before_s).session.progress.held_s
    assert (held > 2.0) is (before_s > 0)
    assert led.last.session.progress.held_s <= held + ASTRAY_S + 0.1
    assert led.last.session.start_blocker == "posture"
    assert led.said("into_supine")


# --- words --------------------------------------------------------------------------------------


def test_a_skipped_set_is_noted_unless_it_was_done_after_all() -> None:
    """A skip of one side of two is noted as such. Skipping the last set reaches no target."""
    planned_sets = [
        PlannedSet(STAND, "left", hold_s=2.0),
        PlannedSet(STAND, "right", 2, 2, hold_s=2.0),
    ]
    partly = lead(planned_sets, (STRAIGHT, 1.0), ("skip", 8.0))
    assert noted(partly) == PHRASES["sum_note_skipped_partly"]
    done = lead(planned_sets, (STRAIGHT, 1.0), ("skip", 0.5), ("back", 14.0))
    assert done.last.session.phase == "done"
    assert noted(done) == ""
    last = lead(planned_sets, (STRAIGHT, 6.0), ("skip", 1.0))
    assert [e.why for _, e in last.events if isinstance(e, SessionDone)] == ["skipped"]
    assert last.said("done") == []


def noted(led: LedSession) -> str:
    sets = led.tally.sets
    return summarise("x", sets, WorstMoments(), PHRASES, outcomes=led.guide.outcomes).lines[0].note


def test_a_pause_that_is_taken_back_at_once_says_nothing() -> None:
    """Help was opened and closed while the camera was opening."""
    guide = Guide([hold()], PHRASES)
    guide.command("pause")
    guide.command("pause")
    cues = guide.update(0.0, Observation(STRAIGHT, brightness=120.0)).cues
    assert [cue.voice for cue in cues] == ["Stand. Hold 3 seconds."]


# --- laws over random sessions ------------------------------------------------------------------

HIDDEN = without(STRAIGHT, Joint.LEFT_KNEE, Joint.RIGHT_KNEE)
POSES = (STRAIGHT, STRAIGHT, STRAIGHT, BENT, FRONTAL, RAISED, leaning(30.0), leaning(45.0), HIDDEN)
KEYS: tuple[Command, ...] = (
    "pause", "skip", "back", "pain", "sharp", "spreading", "mild", "easing", "not_easing", "close",
    "uncheck", "range",
)  # fmt: skip
TROUBLES: tuple[NoPoseReason, ...] = ("nobody", "nobody", "someone_else", "camera")


def chance(
    dice: random.Random,
) -> list[tuple[Pose | None, NoPoseReason, float, Command | None, bool]]:
    """A random session, frame by frame: pose, reason for no pose, seconds to the next frame, key,
    track reset."""
    frames: list[tuple[Pose | None, NoPoseReason, float, Command | None, bool]] = []
    for _ in range(dice.randint(5, 25)):
        no_pose_reason: NoPoseReason = "" if dice.random() < 0.75 else dice.choice(TROUBLES)
        pose = None if no_pose_reason else dice.choice(POSES)
        fps = dice.choice([3.0, 8.0, 15.0])
        flickers, slept = dice.random() < 0.2, dice.random() < 0.05
        for _ in range(max(1, round(dice.choice([0.1, 0.5, 2.5, 8.0, 25.0]) * fps))):
            away = flickers and dice.random() < 0.3
            key = dice.choice(KEYS) if dice.random() < 0.5 / fps else None
            frames.append((None if away else pose, "nobody" if away else no_pose_reason,
                           dice.uniform(0.6, 1.4) / fps, key, dice.random() < 0.01))  # fmt: skip
        if slept:
            frames[-1] = (*frames[-1][:2], dice.choice([6.0, 7200.0]), *frames[-1][3:])
    return frames


@pytest.mark.parametrize("seed", range(24))
def test_laws_of_any_session(seed: int) -> None:
    """The timer runs only in right frames and stands while the session stands still. An ended
    session stays ended. What hurt does not come again. A session ends for a user who stays."""
    dice = random.Random(seed)
    routine = dice.choice(list(LIBRARY.routines.values()))
    some = [hold(dice.choice([STAND, BOW, CORE]), dice.choice([3.0, 8.0])) for _ in range(4)]
    planned_sets = some if seed % 2 else plan(routine, LIBRARY.exercises)
    guide, tally, t, hurt = Guide(planned_sets, PHRASES), SessionStats(), 0.0, set[str]()
    for pose, no_pose_reason, step, key, track_reset in chance(dice):
        if key is not None:
            guide.command(key)
        before = guide.view
        led = guide.update(t, Observation(pose, no_pose_reason, track_reset, brightness=120.0))
        tally.update(guide.view.session.t, led.events, led.cues, guide.view.session)
        keeps_time(before, guide.view)
        keeps_away(led.events, guide.view, hurt)
        t += step
    for set_stats in tally.sets:
        parts = (
            set_stats.correct_s + set_stats.wrong_s + set_stats.cant_tell_s + set_stats.unchecked_s
        )
        assert parts <= set_stats.seconds + 1.0
    assert ends(guide, t, 300.0 * len(planned_sets) + 200.0)


def keeps_time(before: GuideView, now: GuideView) -> None:
    """Seconds of a hold never fall, and grow only while the form is seen to be right."""
    old, new = before.session, now.session
    stands = bool(now.halted or now.pain.step)
    if stands and (before.halted or before.pain.step):
        assert new.t == old.t
    if old.phase == "done":
        assert new.phase == "done"
    grown = new.progress.held_s - old.progress.held_s if new.sets_begun == old.sets_begun else 0.0
    assert grown >= 0.0
    if grown:
        assert (new.verdict.form, new.blind, new.unchecked, stands) == ("right", "", False, False)


def keeps_away(events: Iterable[Event], now: GuideView, hurt: set[str]) -> None:
    """No set of a group that hurt begins again in the session."""
    for event in events:
        if isinstance(event, SetDone) and event.why == "pain":
            hurt.add(now.session.planned.exercise.group)
        if isinstance(event, SetAnnounced):
            assert now.session.planned_sets[event.index].exercise.group not in hurt


def ends(guide: Guide, t: float, within_s: float) -> bool:
    """Whether a session ends for a user who stands still and presses no key. A pause by the user
    does not end."""
    for step in range(round(4 * within_s)):
        if guide.view.session.phase == "done" or guide.view.halted == "person":
            return True
        guide.update(t + step / 4, Observation(STRAIGHT, brightness=120.0))
    return False
