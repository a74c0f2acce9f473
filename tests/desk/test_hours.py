"""The hours at the desk."""

from __future__ import annotations

from datetime import date

from posecheck.desk.hours import DeskDay, DeskHour, by_day, by_hour


def test_seconds_are_summed_by_hour_and_kind() -> None:
    """What was not judged is neither well nor sunk; hours without time are missing."""
    minutes = [
        (9, {"upright": 40.0, "slouching": 20.0}),
        (9, {"standing": 30.0, "away": 20.0, "unreliable": 10.0}),
        (14, {"head_forward": 15.0, "looking_down": 5.0, "reclined": 40.0}),
    ]
    assert by_hour(minutes) == (  # type: ignore[arg-type]
        DeskHour(9, 40.0, 20.0, 50.0, 10.0),
        DeskHour(14, 40.0, 15.0, 0.0, 5.0),
    )
    assert by_hour([]) == ()


def test_days_are_summed_in_order() -> None:
    """A day without minutes is not there."""
    monday, thursday = date(2026, 3, 2), date(2026, 3, 5)
    minutes = [(thursday, {"upright": 30.0}), (monday, {"slouching": 20.0, "away": 40.0})]
    minutes.append((thursday, {"upright": 30.0, "unsure": 5.0}))
    assert by_day(minutes) == (  # type: ignore[arg-type]
        DeskDay(monday, 0.0, 20.0, 40.0, 0.0),
        DeskDay(thursday, 60.0, 0.0, 0.0, 5.0),
    )
