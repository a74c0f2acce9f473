"""When a led set is given up: it ends kindly, and the session goes on with the next one.

Only a led session gives up. A recording ends when it ends.
"""

from __future__ import annotations

from posecheck.session.session import SessionView

HARD_S = 45.0
"""Seconds of wrong form after which a set is given up (biomechanics 2B)."""
NOT_BEGUN_S = 90.0
"""Seconds of work without a counted second or repetition after which a set is given up: twice
HARD_S, because coming into a pose takes its time."""


def too_hard(view: SessionView) -> bool:
    """Whether the set at hand is to be given up. A set that is not checked ends by the clock."""
    if view.phase != "work" or view.unchecked:
        return False
    return view.progress.wrong_s > HARD_S or view.stalled_s > NOT_BEGUN_S
