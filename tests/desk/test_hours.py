"""The hours at the desk."""

from __future__ import annotations

from posecheck.desk.hours import DeskHour, by_hour


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
