"""The desk without a camera: breaks by the clock, and nothing else."""

from __future__ import annotations

from posecheck.desk.day import Reminder
from posecheck.desk.minutes import Minute
from posecheck.desk.monitor import DayState, DeskMonitor
from posecheck.desk.observation import TOO_DARK

MIN = 60.0


class Clocked:
    """A monitor without a camera, and what it has brought."""

    def __init__(self) -> None:
        self.monitor = DeskMonitor(None, watched=False)
        self.t = 0.0
        self.reminders: list[Reminder] = []
        self.minutes: list[Minute] = []
        self.alerts = 0

    def work(self, seconds: float) -> None:
        """At the computer: a blank frame each second."""
        for _ in range(round(seconds)):
            self.t += 1.0
            news = self.monitor.update(self.t, TOO_DARK)
            self.reminders += news.reminders
            self.alerts += len(news.alerts)
            self.minutes += [news.minute] if news.minute is not None else []

    def lock(self, seconds: float) -> None:
        """The screen is locked."""
        for _ in range(round(seconds / 10)):
            self.t += 10.0
            self.monitor.off(self.t)


def test_a_break_is_due_after_half_an_hour_of_the_clock() -> None:
    """Nothing is judged, said or scored, and the minutes say so."""
    desk = Clocked()
    desk.work(31 * MIN)
    assert [(round(each.t / MIN), each.what) for each in desk.reminders] == [(30, "move")]
    view = desk.monitor.view
    assert view.due
    assert view.reading.state == "unwatched"
    assert view.reading.question == ""
    assert not view.cannot_tell
    assert view.colour == "resting"
    assert view.score.total is None
    assert desk.alerts == 0
    assert {state for minute in desk.minutes for state in minute.seconds} == {"unwatched"}


def test_a_walk_counts_by_the_word_of_the_user() -> None:
    desk = Clocked()
    desk.work(31 * MIN)
    desk.monitor.took_break(desk.t)
    desk.work(1.0)
    view = desk.monitor.view
    assert (view.breaks_due, view.breaks_taken) == (1, 1)
    assert view.sitting_s < MIN


def test_a_locked_screen_is_no_time_at_the_desk() -> None:
    """A long one begins a new cycle, a short one does not count."""
    desk = Clocked()
    desk.work(20 * MIN)
    desk.lock(2 * MIN)
    desk.work(9 * MIN)
    assert desk.reminders == []
    assert 28 * MIN < desk.monitor.view.sitting_s < 30 * MIN
    desk.lock(30 * MIN)
    desk.work(1 * MIN)
    assert desk.monitor.view.sitting_s <= MIN


def test_a_camera_that_is_found_takes_the_day_over() -> None:
    """The time so far counts on."""
    desk = Clocked()
    desk.work(10 * MIN)
    watched = DeskMonitor(None, restored=desk.monitor.day_state)
    assert watched.view.sitting_s > 9 * MIN
    back = DeskMonitor(None, restored=DayState(sitting_s=600.0), watched=False)
    assert back.view.sitting_s == 600.0
