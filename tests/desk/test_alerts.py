"""Alerts minute by minute, breaks, and the score of a day."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest
from bodies import series

from posecheck.desk.alerts import FREE, Alert, AlertCause, AlertPolicy, Circumstances
from posecheck.desk.day import BreakMode, Breaks, DayTally, daily_score
from posecheck.desk.states import DeskReading, DeskState
from posecheck.io.routines.language import load_phrases

MIN = 60.0
BUSY = Circumstances(in_call=True)


def alerts_of(
    *pieces: tuple[DeskState, float],
    policy: AlertPolicy | None = None,
    circumstances: Circumstances = FREE,
    start: float = 0.0,
) -> list[Alert]:
    """All alerts of a timeline, at two frames a second."""
    policy = policy or AlertPolicy()
    return [
        alert
        for t, state in series(*pieces, fps=2.0, start=start)
        for alert in policy.update(t, DeskReading(t, state), circumstances)
    ]


def again(times: int, *pieces: tuple[DeskState, float]) -> list[tuple[DeskState, float]]:
    return list(pieces) * times


def seen(alerts: list[Alert]) -> list[tuple[str, float]]:
    return [(alert.kind, alert.t) for alert in alerts]


# --- alerts -------------------------------------------------------------------------------------


def test_a_slouch_minute_by_minute() -> None:
    alerts = alerts_of(("upright", 2 * MIN), ("slouching", 10 * MIN))
    assert [alert.kind for alert in alerts] == ["amber", "nudge", "speak"]
    amber, nudge, speak = (alert.t - 2 * MIN for alert in alerts)
    assert 45 <= amber <= 50
    assert nudge - amber == pytest.approx(90, abs=1)
    assert speak - amber == pytest.approx(240, abs=1)
    assert [alert.key for alert in alerts] == ["", "desk_slouch", "desk_slouch_say"]


def test_head_forward_is_the_same_channel_with_its_own_words() -> None:
    alerts = alerts_of(("slouching", 30), ("head_forward", 2 * MIN), ("slouching", 2))
    assert seen(alerts) == [("amber", 45.0), ("nudge", 135.0)]
    assert alerts[1].key == "desk_head"


def test_sitting_up_ends_it_with_a_blink() -> None:
    alerts = alerts_of(("slouching", 60), ("upright", 60), ("slouching", 40), ("upright", 60))
    assert [alert.kind for alert in alerts] == ["amber", "recovered"]
    assert alerts[1].t == pytest.approx(70, abs=1)
    assert alerts[1].key == ""


def test_standing_up_ends_it_too() -> None:
    alerts = alerts_of(("slouching", 60), ("standing", 30))
    assert [alert.kind for alert in alerts] == ["amber", "recovered"]


def test_short_slumps_bring_no_alert() -> None:
    assert alerts_of(*again(20, ("slouching", 20.0), ("upright", 15.0))) == []


def test_suspended_states_neither_excuse_nor_accuse() -> None:
    """Half of the time turned to a colleague: the judged half confirms the slouching."""
    assert alerts_of(*again(20, ("slouching", 2.0), ("turned", 8.0))) == []
    alerts = alerts_of(*again(10, ("slouching", 6.0), ("turned", 4.0)))
    assert [alert.kind for alert in alerts] == ["amber"]
    assert alerts_of(("turned", 20 * MIN)) == []


@pytest.mark.slow
def test_cool_downs_and_giving_up_after_three() -> None:
    alerts = alerts_of(("slouching", 3 * 60 * MIN))
    first = [(kind, t) for kind, t in seen(alerts) if t < 74 * MIN]
    assert [kind for kind, _ in first] == ["amber", "nudge", "speak", "nudge", "offer_break"]
    assert first[3][1] - first[1][1] == pytest.approx(600, abs=1)
    offered = first[4][1]
    assert alerts[4].key == "desk_offer_break"
    later = [t for _, t in seen(alerts) if t > offered]
    assert min(later) - offered >= 60 * MIN


def test_a_user_who_reacts_is_nudged_again_but_not_soon() -> None:
    policy = AlertPolicy()
    alerts = alerts_of(*again(30, ("slouching", 150.0), ("upright", 60.0)), policy=policy)
    nudges = [alert.t for alert in alerts if alert.kind == "nudge"]
    assert len(nudges) >= 8
    assert min(b - a for a, b in pairwise(nudges)) >= 600
    assert not [alert for alert in alerts if alert.kind in ("speak", "offer_break")]


@pytest.mark.slow
def test_never_more_than_four_sentences_an_hour() -> None:
    alerts = alerts_of(*again(60, ("slouching", 300.0), ("upright", 30.0)))
    spoken = [alert.t for alert in alerts if alert.kind == "speak"]
    assert spoken
    assert all(sum(t <= s < t + 3600 for s in spoken) <= 4 for t in spoken)
    assert min(b - a for a, b in pairwise(spoken)) >= 1200


@pytest.mark.parametrize(
    "what", ["in_call", "sharing", "full_screen", "quiet_hours", "battery_saver"]
)
def test_nothing_is_said_at_the_wrong_time(what: str) -> None:
    circumstances = replace(FREE, **{what: True})
    states: list[tuple[DeskState, float]] = [("slouching", 20 * MIN), ("too_close", 5 * MIN)]
    alerts = alerts_of(*states, circumstances=circumstances)
    assert {alert.kind for alert in alerts} <= {"amber", "recovered"}


def test_after_a_call_a_nudge_comes_first() -> None:
    policy = AlertPolicy()
    alerts_of(("slouching", 20 * MIN), policy=policy, circumstances=BUSY)
    alerts = alerts_of(("slouching", 4 * MIN), policy=policy, start=20 * MIN)
    assert [kind for kind, _ in seen(alerts)] == ["nudge", "speak"]
    assert alerts[1].t - alerts[0].t >= 150


def test_three_snoozes_offer_a_break() -> None:
    policy = AlertPolicy()
    assert policy.snooze(0.0) == ()
    assert policy.snooze(700.0) == ()
    assert [alert.kind for alert in policy.snooze(1400.0)] == ["offer_break"]
    alerts = alerts_of(("slouching", 50 * MIN), policy=policy, start=1400.0)
    assert {alert.kind for alert in alerts} == {"amber"}


@pytest.mark.parametrize(
    ("state", "dwell"),
    [("too_close", 20), ("shoulders_up", 60), ("tilted", 60), ("looking_down", 120)],
)
def test_other_states_have_their_own_patience(state: DeskState, dwell: float) -> None:
    assert alerts_of((state, dwell - 2), ("upright", 60)) == []
    alerts = alerts_of(("upright", 60), (state, dwell + 10), ("upright", 60))
    assert [(alert.kind, alert.cause) for alert in alerts] == [("nudge", state)]
    assert alerts[0].t == pytest.approx(60 + dwell, abs=2)


def test_a_moved_camera_brings_one_question_and_no_nudge() -> None:
    policy = AlertPolicy()
    alerts: list[Alert] = []
    for t, question in series(("", 60.0), ("recalibrate", 600.0), fps=2.0):
        reading = DeskReading(t, "slouching", question=question, checking=t < 60)  # type: ignore[arg-type]
        alerts += policy.update(t, reading)
    assert [(alert.kind, alert.cause) for alert in alerts] == [("recalibrate", "camera")]


def test_no_phrase_blames() -> None:
    """No text that the desk says or shows judges the user."""
    phrases = load_phrases("en")
    assert {f"desk_{cause}" for cause in get_args(AlertCause)} <= phrases.keys()
    assert {"desk_head", "desk_slouch_say", "desk_offer_break"} <= phrases.keys()
    texts = [text for key, text in phrases.items() if key.startswith("desk_")]
    assert len(texts) > 40
    for text in texts:
        words = set(text.lower().replace(".", " ").replace(",", " ").split())
        assert not {"bad", "damage", "wrong", "posture", "slouch", "slouching"} & words, text


# --- breaks -------------------------------------------------------------------------------------


def reminded(
    mode: BreakMode, *pieces: tuple[DeskState, float], breaks: Breaks | None = None
) -> list[tuple[float, str, bool]]:
    breaks = breaks or Breaks(mode)
    return [
        (reminder.t / MIN, reminder.what, reminder.again)
        for t, state in series(*pieces, fps=1.0)
        for reminder in breaks.update(t, state)
    ]


@pytest.mark.parametrize(("mode", "due"), [("30/2", 30), ("20-8-2", 20), ("50/10", 50)])
def test_a_due_break_is_reminded_of_twice(mode: BreakMode, due: float) -> None:
    seen = reminded(mode, ("upright", 120 * MIN))
    assert [again for _, _, again in seen] == [False, True]
    assert seen[0][0] == pytest.approx(due, abs=0.1)
    assert seen[1][0] == pytest.approx(due + 5, abs=0.1)


def test_own_breaks_are_due_after_the_users_own_minutes() -> None:
    seen = reminded("own", ("upright", 60 * MIN), breaks=Breaks("own", own_sit_min=25))
    assert seen[0][0] == pytest.approx(25, abs=0.1)
    assert seen[0][1] == "move"


def test_absence_ends_the_sitting_and_half_of_one_halves_it() -> None:
    assert reminded("30/2", *again(3, ("slouching", 28 * MIN), ("away", 2.1 * MIN))) == []
    half = reminded("30/2", ("upright", 20 * MIN), ("standing", 90), ("upright", 21 * MIN))
    assert half[0][0] == pytest.approx(20 + 1.5 + 20, abs=0.2)
    short = reminded("30/2", ("upright", 20 * MIN), ("away", 30), ("upright", 11 * MIN))
    assert short[0][0] == pytest.approx(30.5, abs=0.2)


def test_unknown_time_is_not_sitting() -> None:
    assert reminded("30/2", ("upright", 25 * MIN), ("unreliable", 30 * MIN)) == []


def test_sit_stand_move() -> None:
    seen = reminded("20-8-2", ("upright", 20.1 * MIN), ("standing", 9 * MIN), ("upright", 60))
    assert [(what, again) for _, what, again in seen] == [("stand", False), ("move", False)]
    assert seen[1][0] == pytest.approx(28.1, abs=0.1)


def test_a_snoozed_break_comes_back() -> None:
    breaks = Breaks("30/2")
    first = reminded("30/2", ("upright", 31 * MIN), breaks=breaks)
    breaks.snooze(31 * MIN, 10)
    later = [
        t / MIN
        for t, _ in series((None, 40 * MIN), fps=1.0, start=31 * MIN)
        for _ in breaks.update(t, "upright")
    ]
    assert len(first) == 1
    assert later == [pytest.approx(41, abs=0.1)]


def test_breaks_taken_in_time_are_counted() -> None:
    breaks = Breaks("30/2")
    reminded(
        "30/2", ("upright", 33 * MIN), ("away", 3 * MIN), ("upright", 55 * MIN), ("away", 3 * MIN),
        breaks=breaks,
    )  # fmt: skip
    assert (breaks.due, breaks.taken) == (2, 1)


def test_a_reminder_waits_for_the_end_of_a_call_and_only_then_can_a_break_be_late() -> None:
    """The reminder of a break that falls due in a call comes after it; the ten minutes count from
    there."""
    breaks = Breaks("30/2")
    for t, _ in series((None, 55 * MIN), fps=1.0):
        assert breaks.update(t, "upright", BUSY) == ()
    assert breaks.waiting
    late = breaks.update(55 * MIN, "upright")
    assert [(reminder.what, reminder.again) for reminder in late] == [("move", False)]
    for t, _ in series((None, 3 * MIN), fps=1.0, start=56 * MIN):
        breaks.update(t, "away")
    assert (breaks.due, breaks.taken) == (1, 1)


def test_a_break_counted_before_a_restart_is_counted_once_and_only_in_its_cycle() -> None:
    """The user is away when the program starts again: that is the break. The next one is new."""
    breaks = Breaks("30/2", sitting_s=31 * MIN, due=1, reminded=True)
    reminded("30/2", ("away", 3 * MIN), ("upright", 31 * MIN), breaks=breaks)
    assert (breaks.due, breaks.taken) == (2, 1)


def test_a_finished_routine_is_a_break() -> None:
    """A break that is done in time counts as taken, and the next cycle begins at once."""
    breaks = Breaks("30/2")
    reminded("30/2", ("upright", 31 * MIN), breaks=breaks)
    assert breaks.until_s == 0.0
    breaks.took(31 * MIN)
    assert (breaks.due, breaks.taken, breaks.sitting_s) == (1, 1, 0.0)
    assert breaks.until_s == 30 * MIN


def test_going_away_while_standing_needs_no_reminder_to_move() -> None:
    """Two minutes away are the movement of 20-8-2: the time of standing starts again."""
    seen = reminded(
        "20-8-2", ("upright", 20.1 * MIN), ("standing", 6 * MIN), ("away", 3 * MIN),
        ("standing", 6 * MIN), ("upright", 60),
    )  # fmt: skip
    assert [what for _, what, _ in seen] == ["stand"]


@pytest.mark.parametrize(("off", "until"), [(5.0, 10.0), (15.0, 30.0)])
def test_a_camera_that_is_off_is_neither_sitting_nor_a_break(off: float, until: float) -> None:
    """Minutes off, minutes until the next break: ten unknown minutes reset the cycle."""
    breaks = Breaks("30/2")
    reminded("30/2", ("upright", 20 * MIN), breaks=breaks)
    breaks.pause(20 * MIN)
    breaks.update((20 + off) * MIN, "upright")
    assert breaks.until_s == pytest.approx(until * MIN, abs=2)
    assert (breaks.due, breaks.taken) == (0, 0)


# --- the score ----------------------------------------------------------------------------------


def tallied(*pieces: tuple[DeskState, float]) -> DayTally:
    tally = DayTally()
    for t, state in series(*pieces, fps=1.0):
        tally.update(t, state)
    return tally


def test_a_varied_day_scores_full_and_a_frozen_slump_nothing() -> None:
    hour: list[tuple[DeskState, float]] = [
        ("upright", 20 * MIN), ("reclined", 10 * MIN), ("upright", 15 * MIN), ("standing", 5 * MIN),
    ]  # fmt: skip
    best = daily_score(tallied(*hour * 3), 4, 4)
    assert best.total == pytest.approx(100, abs=1)
    worst = daily_score(tallied(("slouching", 120 * MIN)), 4, 0)
    assert worst.total == pytest.approx(0)
    frozen = daily_score(tallied(("upright", 120 * MIN)), 4, 0)
    assert frozen.total == pytest.approx(20)


def test_a_short_day_has_no_score() -> None:
    assert daily_score(tallied(("upright", 50 * MIN)), 1, 1).total is None
    assert daily_score(DayTally(), 0, 0).total is None


def test_sitting_up_for_a_moment_is_no_change() -> None:
    assert tallied(*again(20, ("upright", 10.0), ("reclined", 10.0))).changes == 0
