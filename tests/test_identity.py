"""A recording is not credited as another exercise, as the other side, or while it only begins.

`tests/accuracy.json` has more pairs; here are those that need a reason.
"""

from __future__ import annotations

from pathlib import Path

from shipped import EXERCISES

from posecheck.commands.rejudge import observations
from posecheck.io.store.recording import Recording
from posecheck.pose import Side
from posecheck.session.plan import open_set
from posecheck.session.session import Session, SessionView

RECORDINGS = Path(__file__).parent / "recordings"


def judged(name: str, exercise: str, side: Side) -> list[tuple[float, SessionView]]:
    """What the session shows at each time."""
    session, shown = Session([open_set(EXERCISES[exercise], side)], 2), []
    for frame, observation in observations(Recording(RECORDINGS / f"{name}.rec").frames()):
        session.update(frame.t, observation)
        shown.append((frame.t, session.view))
    return shown


def test_planted_feet_are_no_supine_twist() -> None:
    """The user lies with planted feet until 3.0 s and rolls the knees to the left by 4.6 s."""
    shown = judged("supine_spinal_twist_carl_L", "supine_spinal_twist", "left")
    assert max(view.progress.held_s for t, view in shown if t < 4.0) == 0
    assert shown[-1][1].progress.held_s > 9


def test_the_twist_to_the_left_is_not_one_to_the_right() -> None:
    """The left flank is near from the start: the set for the right says so and credits nothing."""
    shown = judged("supine_spinal_twist_carl_L", "supine_spinal_twist", "right")
    assert {view.blind for t, view in shown if 5 < t < 10} == {"wrong_side"}
    assert shown[-1][1].progress.held_s == 0
