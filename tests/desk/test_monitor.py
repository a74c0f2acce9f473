"""The desk monitor: it judges, counts, alerts, and says when it needs the next frame."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random

import pytest
from sitters import (
    AT_SCREEN,
    CHAIR_NEARER,
    HEAD_FORWARD,
    KEYBOARD,
    MODERATE,
    SEVERE,
    STANDING,
    TALL,
    TILTED,
    Piece,
    Sitter,
    one_point,
    poses_of,
    settled,
    two_points,
    working_day,
)

from posecheck.desk.alerts import FREE, Alert, Circumstances
from posecheck.desk.calibration import Calibration
from posecheck.desk.colour import DeskColour
from posecheck.desk.day import Reminder
from posecheck.desk.minutes import Minute
from posecheck.desk.monitor import (
    SCALES,
    DayState,
    DeskMonitor,
    Sensitivity,
)
from posecheck.desk.observation import DeskObservation
from posecheck.desk.states import DeskState, PostureClassifier

MIN = 60.0
GOOD: Piece = (TALL, 2 * MIN)
"""Long enough for the check of the first minute."""


@dataclass
class Desk:
    """A monitor that gets its frames when it needs them."""

    monitor: DeskMonitor
    t: float = 0.0
    frames: int = 0
    alerts: list[Alert] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    minutes: list[Minute] = field(default_factory=list)
    colours: list[tuple[float, DeskColour]] = field(default_factory=list)

    def sit(self, *pieces: Piece, circumstances: Circumstances = FREE) -> Desk:
        end = self.t
        for who, seconds in pieces:
            end += seconds
            while self.t < end:
                self.frame(who, circumstances)
                self.t += self.monitor.min_interval_s
        return self

    def frame(self, who: Sitter | None, circumstances: Circumstances = FREE) -> None:
        pose = poses_of(who)[self.frames % 7] if who else None
        observation = DeskObservation(pose, "" if pose else "nobody")
        news = self.monitor.update(self.t, observation, circumstances)
        self.frames += 1
        self.alerts += news.alerts
        self.reminders += news.reminders
        self.minutes += [news.minute] if news.minute else []
        colour = self.monitor.view.colour
        if not self.colours or self.colours[-1][1] != colour:
            self.colours.append((self.t, colour))

    def off(self, seconds: float, min_interval_s: float = 1.0) -> Desk:
        end = self.t + seconds
        while self.t < end:
            minute = self.monitor.off(self.t).minute
            self.minutes += [minute] if minute else []
            self.t += min_interval_s
        return self

    @property
    def colour(self) -> DeskColour:
        return self.monitor.view.colour

    @property
    def question(self) -> str:
        return self.monitor.view.reading.question

    @property
    def kinds(self) -> list[str]:
        return [alert.kind for alert in self.alerts]


def desk(calibration: Calibration | None = None, **settings: object) -> Desk:
    return Desk(DeskMonitor(calibration or one_point(), **settings))  # type: ignore[arg-type]


# --- a whole day --------------------------------------------------------------------------------

HOURS = float(os.environ.get("POSECHECK_TEST_HOURS", "1"))
"""Length of the day. `.ci/run` tests the eight hours of a working day, which take long."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "calibration"), [(1, one_point()), (2, two_points())], ids=["one", "two"]
)
def test_a_long_day(seed: int, calibration: Calibration) -> None:
    """At most one false alert. Every slump of more than three minutes brings an alert. Few frames
    are used, and the monitor does not grow."""
    at = desk(calibration)
    slumps: list[tuple[float, float]] = []
    sizes: list[int] = []
    begin = 0.0
    for who, seconds, slump in working_day(Random(seed), HOURS):
        if slump:
            slumps.append((begin, begin + seconds))
        begin += seconds
        at.sit((who, begin - at.t))
        sizes.append(len(pickle.dumps(at.monitor)))
    assert at.t > HOURS * 3600
    assert len(slumps) >= 5 * HOURS / 8
    disturbing = [alert for alert in at.alerts if alert.kind != "recovered"]
    false = [a for a in disturbing if not any(a0 <= a.t <= a1 + 15 for a0, a1 in slumps)]
    assert len(false) <= 1, false
    for a0, a1 in slumps:
        kinds = [alert.kind for alert in disturbing if a0 <= alert.t <= a1]
        assert "amber" in kinds, (a0, a1)
        assert a1 - a0 < 200 or "nudge" in kinds, (a0, a1, kinds)
    assert at.frames / at.t < 1.1
    assert max(sizes[len(sizes) // 2 :]) < 1.2 * max(sizes[: len(sizes) // 2])
    assert max(sizes) < 20_000
    assert sum(at.monitor.view.day.values()) == pytest.approx(at.t, rel=0.001)


# --- how soon the next frame --------------------------------------------------------------------


@pytest.mark.slow
def test_a_slump_minute_by_minute_at_its_own_rate() -> None:
    """Nothing before 45 s, then amber; after 90 s more a nudge, after 4 min a sentence."""
    at = desk().sit(GOOD, (SEVERE, 10 * MIN))
    assert at.kinds == ["amber", "nudge", "speak"]
    amber, nudge, speak = (alert.t - 2 * MIN for alert in at.alerts)
    assert 45 <= amber <= 50
    assert nudge - amber == pytest.approx(90, abs=2)
    assert speak - amber == pytest.approx(240, abs=2)


def test_frames_are_quick_only_while_they_decide() -> None:
    """Five a second between the fewest seconds that could confirm and the confirmation."""
    at = desk().sit(GOOD)
    quick: list[float] = []
    for _ in range(300):
        at.frame(SEVERE)
        if at.monitor.min_interval_s < 0.5:
            quick.append(at.t - 2 * MIN)
        at.t += at.monitor.min_interval_s
    assert quick
    assert min(quick) >= 15
    assert max(quick) <= 50


@pytest.mark.slow
def test_an_undecided_slump_is_not_looked_at_quickly_for_long() -> None:
    """Sixty seconds of quick frames in an episode that is never confirmed and never over."""
    at = desk().sit(GOOD)
    before = at.frames
    at.sit(*[(SEVERE, 6.0), (TALL, 4.0)] * 90)
    assert at.kinds == []
    assert (at.frames - before) / 900 < (900 + 4 * 60) / 900 + 0.1


@pytest.mark.parametrize("who", [TALL, None])
def test_frames_are_few_when_nothing_changes(who: Sitter | None) -> None:
    """After two minutes without change one frame in two seconds, then one a second at a change."""
    at = desk().sit(GOOD, (who, 4 * MIN))
    assert at.monitor.min_interval_s == 2.0
    at.sit((KEYBOARD, 4.0))
    assert at.monitor.min_interval_s == 1.0


@pytest.mark.slow
def test_no_second_is_lost_at_the_slowest_rate() -> None:
    """The day accounts for all of the time."""
    at = desk().sit((TALL, 30 * MIN))
    assert at.frames < 0.6 * 30 * MIN
    assert at.monitor.view.day["upright"] == pytest.approx(30 * MIN, abs=5)
    assert at.monitor.view.until_break_s == pytest.approx(0, abs=5)


# --- minutes and days ---------------------------------------------------------------------------


@pytest.mark.slow
def test_minutes_hold_everything_once() -> None:
    """States, pauses, slumps, nudges, sentences and breaks of the minutes sum up to the day."""
    at = desk().sit(GOOD, (SEVERE, 5 * MIN), (STANDING, 3 * MIN), (TALL, 2 * MIN))
    at.off(5 * MIN).sit((TALL, 31 * MIN), (None, 4 * MIN))
    assert all(b.t - a.t == pytest.approx(60, abs=3) for a, b in pairwise(at.minutes))
    for minute in at.minutes:
        whole = sum(minute.seconds.values()) + minute.paused_s
        assert whole == pytest.approx(60, abs=3)
    assert sum(minute.paused_s for minute in at.minutes) == pytest.approx(5 * MIN, abs=3)
    assert sum(minute.slumps for minute in at.minutes) == at.kinds.count("amber") == 1
    assert sum(minute.nudges for minute in at.minutes) == at.kinds.count("nudge")
    assert sum(minute.spoken for minute in at.minutes) == at.kinds.count("speak")
    view = at.monitor.view
    assert sum(minute.breaks_due for minute in at.minutes) == view.breaks_due == 1
    assert sum(minute.breaks_taken for minute in at.minutes) == view.breaks_taken == 1
    assert sum(minute.changes for minute in at.minutes) == view.changes > 0


def test_midnight_begins_a_new_day_and_gives_the_last_piece_of_the_old() -> None:
    """Nothing is counted twice, and the cycle of sitting goes on."""
    at = desk().sit((TALL, 10 * MIN + 20))
    sitting = at.monitor.view.sitting_s
    cut = at.monitor.new_day(at.t).minute
    assert cut is not None
    assert sum(cut.seconds.values()) + sum(
        sum(minute.seconds.values()) for minute in at.minutes
    ) == pytest.approx(10 * MIN + 20, abs=3)
    view = at.monitor.view
    assert (dict(view.day), view.changes, view.sitting_s) == ({}, 0, sitting)
    at.sit((TALL, 60.0))
    assert at.monitor.view.day["upright"] == pytest.approx(60, abs=3)


def test_a_minute_that_is_cut_is_not_lost() -> None:
    """Its seconds are returned once, and the next minute begins there; no minute is empty."""
    at = desk().sit((TALL, 90.0))
    cut = at.monitor.cut(at.t).minute
    assert cut is not None
    assert sum(cut.seconds.values()) == pytest.approx(30, abs=3)
    assert at.monitor.cut(at.t).minute is None
    at.sit((TALL, 60.0))
    assert sum(at.minutes[-1].seconds.values()) == pytest.approx(60, abs=3)


def test_a_restart_goes_on_where_the_day_was() -> None:
    """From the store, or from the monitor that another calibration replaces."""
    known = DayState({"upright": 3000.0, "slouching": 900.0}, 5, 3, 2, 600.0)
    at = desk(restored=known)
    view = at.monitor.view
    assert (view.breaks_due, view.breaks_taken, view.changes, view.sitting_s) == (3, 2, 5, 600.0)
    assert view.score.total is not None
    assert DeskMonitor(two_points(), restored=at.monitor.day_state).day_state == known
    at.sit((TALL, 61.0))
    assert at.minutes[0].breaks_due == 0
    assert sum(at.minutes[0].seconds.values()) == pytest.approx(60, abs=3)


# --- the camera is off --------------------------------------------------------------------------


@pytest.mark.slow
def test_a_paused_camera_judges_nothing_and_forgets_the_slump() -> None:
    """Afterwards patience starts again: no nudge for the time before."""
    at = desk().sit(GOOD, (SEVERE, 80.0))
    assert at.colours[-1][1] == "amber"
    day = dict(at.monitor.view.day)
    at.off(20 * MIN)
    assert at.colour == "paused"
    assert dict(at.monitor.view.day) == day
    resumed = at.t
    at.sit((SEVERE, 44.0))
    assert at.kinds == ["amber"]
    at.sit((SEVERE, 120.0))
    assert at.kinds == ["amber", "amber", "nudge"]
    assert at.alerts[1].t - resumed >= 45


def test_a_computer_that_slept_was_off() -> None:
    """A gap that was not announced is neither sitting nor a slump."""
    at = desk().sit(GOOD, (SEVERE, 40.0))
    at.t += 3600
    at.sit((SEVERE, 10.0))
    assert at.kinds == []
    assert sum(at.monitor.view.day.values()) == pytest.approx(2 * MIN + 50, abs=5)
    assert at.minutes[-1].paused_s == pytest.approx(3600, abs=60)


@pytest.mark.slow
def test_a_checked_break_counts_though_the_camera_was_its_own() -> None:
    """A break that was due, reminded of and done is taken."""
    at = desk().sit((TALL, 31 * MIN))
    assert [reminder.what for reminder in at.reminders] == ["move"]
    at.off(3 * MIN)
    at.monitor.took_break(at.t)
    at.sit((TALL, 10.0))
    view = at.monitor.view
    assert (view.breaks_due, view.breaks_taken, view.due) == (1, 1, False)
    assert view.sitting_s < 15


@pytest.mark.slow
def test_a_break_can_be_put_off() -> None:
    """The reminder comes again after the chosen minutes."""
    at = desk().sit((TALL, 30 * MIN + 5))
    at.monitor.snooze_break(at.t, 10)
    at.sit((TALL, 20 * MIN))
    first, second = at.reminders
    assert second.again
    assert second.t - first.t == pytest.approx(10 * MIN, abs=8)


@pytest.mark.slow
def test_reminders_wait_for_the_end_of_a_call() -> None:
    """No reminder comes in the call; the break is due all the same."""
    at = desk().sit((TALL, 35 * MIN), circumstances=Circumstances(in_call=True))
    assert at.reminders == []
    assert at.monitor.view.due
    at.sit((TALL, 5.0))
    assert len(at.reminders) == 1


@pytest.mark.slow
def test_the_users_word_that_they_stand_counts() -> None:
    """At a desk that rises with its camera, until the user sits or leaves."""
    at = desk(mode="20-8-2").sit((TALL, 20 * MIN + 5))
    assert [reminder.what for reminder in at.reminders] == ["stand"]
    at.monitor.stand(at.t)
    at.sit((TALL, 8 * MIN + 5))
    assert [reminder.what for reminder in at.reminders] == ["stand", "move"]
    assert at.monitor.view.breaks_taken == 1
    at.monitor.sit()
    at.sit((TALL, 3.0))
    assert at.monitor.view.reading.state == "upright"
    at.monitor.stand(at.t)
    at.sit((None, 20.0), (TALL, 3.0))
    assert at.monitor.view.reading.state == "upright"


# --- alerts -------------------------------------------------------------------------------------


def renewed(at: Desk, **settings: object) -> Desk:
    """The same desk with a new monitor, as after a change of the settings."""
    at.monitor = DeskMonitor(two_points(), restored=at.monitor.day_state, **settings)  # type: ignore[arg-type]
    return at


def test_a_new_monitor_keeps_the_word_of_a_user_who_stands() -> None:
    at = desk().sit(GOOD)
    at.monitor.stand(at.t)
    assert renewed(at).sit((TALL, 5.0)).monitor.view.reading.state == "standing"


@pytest.mark.slow
def test_a_new_monitor_keeps_a_break_that_was_put_off() -> None:
    at = desk().sit((TALL, 31 * MIN))
    assert len(at.reminders) == 1
    at.monitor.snooze_break(at.t, 10)
    assert len(renewed(at, sensitivity="low").sit((TALL, 9 * MIN)).reminders) == 1
    assert len(at.sit((TALL, 2 * MIN)).reminders) == 2


@pytest.mark.slow
def test_a_new_monitor_keeps_the_limits_of_nudges() -> None:
    """Two nudges are ten minutes apart, whatever happens to the settings between them."""
    at = desk().sit(GOOD, (MODERATE, 3 * MIN), (TALL, MIN))
    assert at.kinds.count("nudge") == 1
    assert renewed(at).sit(GOOD, (MODERATE, 3 * MIN)).kinds.count("nudge") == 1


@pytest.mark.slow
def test_a_break_due_over_midnight_is_due_in_the_minutes_of_both_days() -> None:
    """The store adds up the minutes of a day; it must find what the day's view shows."""
    at = desk().sit((TALL, 31 * MIN))
    at.monitor.new_day(at.t)
    at.minutes.clear()
    at.sit((None, 4 * MIN))
    assert at.monitor.view.breaks_due == sum(minute.breaks_due for minute in at.minutes) == 1
    assert at.monitor.view.breaks_taken == sum(minute.breaks_taken for minute in at.minutes) == 1


def test_three_snoozes_bring_the_offer_of_a_break() -> None:
    """The offer comes with the next news after the third one."""
    at = desk().sit(GOOD)
    for _ in range(3):
        at.monitor.snooze_nudge(at.t)
    at.sit((TALL, 5.0))
    assert [alert.key for alert in at.alerts] == ["desk_offer_break"]


def test_a_moved_camera_is_asked_about_and_keeping_it_ends_the_question() -> None:
    """The first minute is silent; after the answer slumps bring alerts as usual."""
    at = desk().sit((SEVERE, 30.0))
    assert at.monitor.view.checking
    at.sit((SEVERE, 5 * MIN))
    assert [alert.key for alert in at.alerts] == ["desk_camera"]
    at.monitor.keep()
    at.sit((SEVERE, 60.0))
    assert at.kinds == ["recalibrate", "amber"]


def test_what_is_stored_during_the_question_is_what_the_sign_says() -> None:
    """Nothing is confirmed before the answer: the minutes are kept as can't tell, not as
    slouching."""
    at = desk().sit((SEVERE, 5 * MIN))
    assert at.question
    later = [minute for minute in at.minutes if minute.t > 2 * MIN]
    assert len(later) >= 2
    assert all(set(minute.seconds) == {"unreliable"} for minute in later)
    at.monitor.keep()
    at.sit((SEVERE, 2 * MIN))
    assert set(at.minutes[-1].seconds) == {"slouching"}


def test_sitting_tall_withdraws_the_question() -> None:
    """A user who was just tired in the first minute shows that the calibration fits."""
    at = desk().sit((SEVERE, 70.0))
    assert at.question == "recalibrate"
    at.sit((TALL, 30.0))
    assert at.question == ""


def test_a_camera_that_was_long_off_is_checked_again() -> None:
    """Half an hour is enough to carry a laptop elsewhere; five minutes are not."""
    at = desk().sit(GOOD).off(5 * MIN).sit((TALL, 5.0))
    assert not at.monitor.view.checking
    at.off(40 * MIN).sit((TALL, 5.0))
    assert at.monitor.view.checking


def test_colours_do_not_blink() -> None:
    """A glance aside or down changes nothing; a slump is amber; a user who leaves is first unseen,
    then away, and back at once."""
    at = desk().sit(GOOD, *[(KEYBOARD, 2.0), (TALL, 8.0)] * 5)
    assert [colour for _, colour in at.colours] == ["fine"]
    at.sit((SEVERE, 60.0), (None, 30.0), (TALL, 30.0))
    seen = [colour for _, colour in at.colours]
    assert seen == ["fine", "amber", "unsure", "resting", "fine"]
    at.off(1.0)
    assert at.colour == "paused"


@pytest.mark.slow
def test_without_a_calibration_nothing_is_judged() -> None:
    """No sitting, no slouching, no alert."""
    at = Desk(DeskMonitor(None)).sit((SEVERE, 40 * MIN))
    assert (at.alerts, at.reminders) == ([], [])
    assert at.colour == "calibrating"


def test_a_camera_that_cannot_tell_is_reported() -> None:
    """The view reports it, and nothing is judged."""
    blind = two_points()
    blind = replace(blind, weights=dict.fromkeys(blind.weights, 0.0))
    at = desk(blind).sit(GOOD)
    view = at.monitor.view
    assert (view.cannot_tell, view.colour) == (True, "unsure")


# --- sensitivity --------------------------------------------------------------------------------


def state_of(who: Sitter, sensitivity: Sensitivity) -> DeskState:
    watch = PostureClassifier(one_point(), SCALES[sensitivity])
    return [watch.update(k / 5, who.pose(0.2, k)).state for k in range(15)][-1]


@pytest.mark.slow
def test_sensitivity_moves_where_slouching_begins() -> None:
    """At low a small slump is fine, at high it counts earlier."""
    share = {
        sensitivity: min(
            part
            for part in range(5, 100, 5)
            if state_of(scaled(SEVERE, part / 100), sensitivity) == "slouching"
        )
        for sensitivity in SCALES
    }
    assert share["high"] < share["normal"] < share["low"]
    assert share["low"] / share["high"] == pytest.approx(1.3 / 0.8, rel=0.35)


def scaled(who: Sitter, share: float) -> Sitter:
    def part(offset: Iterable[float]) -> tuple[float, float, float]:
        x, y, z = (share * value for value in offset)
        return x, y, z

    return replace(who, head=part(who.head), shoulders=part(who.shoulders))


@pytest.mark.parametrize("sensitivity", SCALES)
def test_sensitivity_leaves_the_gates_alone(sensitivity: Sensitivity) -> None:
    """A user who is away, turned, standing or looks down is not judged at any sensitivity."""
    gates = [KEYBOARD, STANDING, Sitter(turn=25), Sitter(hand=True), CHAIR_NEARER, TALL]
    for who in gates:
        assert state_of(who, sensitivity) == settled(who)
    for who in (SEVERE, AT_SCREEN, Sitter(head=(0, 1, 9))):
        assert state_of(who, sensitivity) == settled(who)
    assert state_of(TILTED, sensitivity) == "tilted"
    assert settled(HEAD_FORWARD) == "head_forward"
    assert settled(MODERATE) == "slouching"
