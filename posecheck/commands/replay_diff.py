"""What differs between the events stored in a recording and those of today's rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

from posecheck.io.store.recording_block import EventData

NOTHING = "nothing"
SAME_TIME_S = 1e-6
"""Times that differ by less are the same: they come from the same frame."""

Timed = tuple[float, EventData]


def differences(stored: Sequence[Timed], today: Sequence[Timed]) -> Iterator[str]:
    """A line for each event that is missing, new or at another time; none when all are the same.

    Events are matched in their order, so one that comes earlier or later is one difference.
    """
    before, after = ([event_words(event) for _, event in each] for each in (stored, today))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, i, i_end, j, j_end in matcher.get_opcodes():
        for old, new in zip_longest(stored[i:i_end], today[j:j_end]):
            if what != "equal":
                yield _line(old, new)
            elif abs(old[0] - new[0]) > SAME_TIME_S:
                yield f"{old[0]:7.2f} s  {event_words(old[1])}: today at {new[0]:.2f} s"


def _line(old: Timed | None, new: Timed | None) -> str:
    times = [each[0] for each in (old, new) if each is not None]
    stored = NOTHING if old is None else event_words(old[1])
    today = NOTHING if new is None else event_words(new[1])
    later = ""
    if old is not None and new is not None and abs(old[0] - new[0]) > SAME_TIME_S:
        later = f" at {new[0]:.2f} s"
    return f"{times[0]:7.2f} s  stored: {stored} / today: {today}{later}"


def event_words(event: EventData) -> str:
    """ "FaultRaised (rule knees)"."""
    details = ", ".join(f"{name} {value}" for name, value in event.items() if name != "event")
    return f"{event.get('event', '?')} ({details})" if details else str(event.get("event", "?"))
