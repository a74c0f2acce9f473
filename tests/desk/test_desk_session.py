"""A desk session: monitors one after the other, the set-up in between, and days."""

from __future__ import annotations

import math

import pytest
from sitters import KEYBOARD, MODERATE, SIPPING, TALL, Sitter, two_points

from posecheck.desk.alerts import FREE, Circumstances
from posecheck.desk.calibration import Calibration
from posecheck.desk.monitor import DayState, DeskMonitor, DeskNews
from posecheck.desk.observation import DeskObservation
from posecheck.desk.session import DeskSession
from posecheck.pose import Joint


def monitoring(calibration: Calibration | None, before: DayState | None) -> DeskMonitor:
    return DeskMonitor(calibration, restored=before)


class Sat:
    """A desk session with a clock and a sitter. `news` collects everything that it returned."""

    def __init__(self, session: DeskSession) -> None:
        self.session, self.t = session, 0.0
        self.news: list[DeskNews] = []

    def sit(self, who: Sitter, seconds: float) -> Sat:
        end = self.t + seconds
        while self.t < end:
            pose = who.pose(0.5, round(10 * self.t))
            self.news += self.session.observe(self.t, DeskObservation(pose)).news
            self.t += self.session.min_interval_s()
        return self

    @property
    def kinds(self) -> list[str]:
        return [alert.kind for news in self.news for alert in news.alerts]


def watching(circumstances: Circumstances = FREE) -> Sat:
    session = DeskSession(monitoring, lambda: circumstances)
    session.use(two_points(), 0.0)
    return Sat(session)


def test_a_new_monitor_continues_the_day() -> None:
    """The unfinished minute is returned, and no second is lost or counted twice."""
    at = watching().sit(TALL, 90.0)
    at.news += at.session.renew(at.t)
    at.sit(TALL, 60.0)
    at.news += at.session.cut(at.t)
    assert at.session.view is not None
    total = sum(at.session.view.day.values())
    given = sum(sum(news.minute.seconds.values()) for news in at.news if news.minute)
    assert total == pytest.approx(149, abs=3)
    assert given == pytest.approx(total)


def test_a_set_up_that_ends_gives_its_calibration_to_a_new_monitor() -> None:
    """Meanwhile frames are needed ten times a second, and the slump that is shown counts
    nothing."""
    does = {
        "desk_setup_tall": TALL, "desk_setup_tired": MODERATE, "desk_setup_keyboard": KEYBOARD,
        "desk_setup_left": Sitter(turn=25), "desk_setup_right": Sitter(turn=-25),
    }  # fmt: skip
    session = DeskSession(monitoring)
    session.use(None, 0.0)
    session.begin_setup()
    assert session.min_interval_s() == pytest.approx(0.1)
    line, t, step = "desk_setup_tall", 0.0, None
    while session.setting_up and t < 60:
        step = session.observe(t, DeskObservation(does[line].pose(0.5, round(10 * t))))
        assert step.setup is not None
        line, t = step.setup.line, t + session.min_interval_s()
    assert step is not None
    assert step.calibration is not None
    assert session.calibration is step.calibration
    assert session.view is not None
    assert set(session.view.day) == {"calibrating"}, "no pause: the camera is on"


def test_forgetting_leaves_nothing() -> None:
    """Neither the calibration nor the day nor the unfinished minute."""
    at = watching().sit(TALL, 90.0)
    at.session.forget()
    assert at.session.calibration is None
    assert [news.minute for news in at.session.cut(at.t) if news.minute] == []
    assert at.session.view is not None
    assert sum(at.session.view.day.values()) == 0


def test_the_day_begins_again_only_with_another_date() -> None:
    """Any two different values can serve as dates."""
    at = watching().sit(TALL, 30.0)
    assert at.session.begin_day(at.t, "Monday") == ()
    assert at.session.begin_day(at.t, "Monday") == ()
    (news,) = at.session.begin_day(at.t, "Tuesday")
    assert news.minute is not None
    assert at.session.view is not None
    assert sum(at.session.view.day.values()) == 0


@pytest.mark.slow
def test_circumstances_are_asked_only_where_an_alert_is_possible() -> None:
    """Not while the user sits calmly; before a nudge they forbid it."""
    asked: list[float] = []
    at = watching()

    def circumstances() -> Circumstances:
        asked.append(at.t)
        return Circumstances(in_call=True)

    session = DeskSession(monitoring, circumstances)
    session.use(two_points(), 0.0)
    at = Sat(session)
    at.sit(TALL, 80.0)
    calm_from = at.t
    at.sit(TALL, 60.0)
    assert [t for t in asked if t > calm_from] == []
    at.sit(MODERATE, 180.0)
    assert max(asked) > calm_from + 60
    assert at.kinds == ["amber"]
    assert "nudge" in watching().sit(TALL, 80.0).sit(MODERATE, 180.0).kinds


@pytest.mark.slow
def test_what_is_not_shown_is_not_counted() -> None:
    """A call begins while an episode is under way and the user sits up for a moment: the nudge that
    comes with the next slump is forbidden, so no minute has it, and it comes after the call."""
    busy = False

    def circumstances() -> Circumstances:
        return Circumstances(in_call=busy)

    session = DeskSession(monitoring, circumstances)
    session.use(two_points(), 0.0)
    at = Sat(session).sit(TALL, 80.0).sit(MODERATE, 130.0)
    assert at.kinds == ["amber"]
    at.sit(TALL, 7.0)
    busy = True
    at.sit(MODERATE, 70.0)
    assert at.kinds == ["amber"]
    assert sum(news.minute.nudges for news in at.news if news.minute) == 0
    busy = False
    at.sit(MODERATE, 62.0)
    assert at.kinds == ["amber", "nudge"]
    at.news += session.cut(at.t)
    assert sum(news.minute.nudges for news in at.news if news.minute) == 1


def test_a_reset_of_the_track_makes_the_monitor_discard_earlier_poses() -> None:
    """A half visible wrist is still trusted, unless the skeleton is a new one."""
    known: list[bool] = []
    for reset in (False, True):
        monitor = DeskMonitor(two_points())
        for k in range(40):
            pose = SIPPING.pose(0.5, k)
            if k >= 20:
                pose.visibility[[Joint.LEFT_WRIST, Joint.RIGHT_WRIST]] = 0.45
            monitor.update(k / 10, DeskObservation(pose, track_reset=reset and k == 20))
        known.append(not math.isnan(monitor.view.reading.features["hand"]))
    assert known == [True, False]
