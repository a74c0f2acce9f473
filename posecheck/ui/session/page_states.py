"""The states of a session page and the transitions between them.

Theory of operation
-------------------
A session page always is in exactly one of six states:

running   the picture is in front and keys go to the guide
help      the help panel covers the picture
leaving   the question whether to leave covers the picture
stopping  the user has left; the worker's thread is closing the camera and the model
trouble   the session could not begin; a panel says why
summary   the session is over; the summary covers the picture

The page changes its state only through `PAGE_TRANSITIONS`. An event that is not listed for a state
has no effect in that state. The side effects of a transition belong to the page
(`SessionPage._apply`), which depend on the new state, and for "running" also on the old one:

- Entering "help" or "leaving" pauses the session, unless it stands still already.
- Returning from there to "running" takes that pause back, with two exceptions: a pause that ended
  in the meantime is left alone, and after "pain" the guide halts the session itself.
- Entering "stopping" closes the worker. "failed" or "ended" follows from its thread.
- Returning from "trouble" or "summary" to "running" starts a new session with the same request.
- "clock" starts the same session without a camera, also while the camera is still opening.

Halts and pain are not states of the page. The guide owns them, and the page only draws its view.
Closing the window is possible in every state and ends the page for good.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

PageState = Literal["running", "help", "leaving", "stopping", "trouble", "summary"]

PageEvent = Literal[
    "help", "escape", "leave", "back", "pain", "failed", "ended", "again", "clock"
]  # fmt: skip
"""What can change the state.

help, escape, pain  keys H, Escape and P, and their buttons
leave, back         the two buttons of a panel: leave the session, go back to it
failed, ended       the worker has stopped: before anything was counted because of an error, or
                    otherwise
again               the button that starts the same session again
clock               the button that starts the same session without a camera
"""

PAGE_TRANSITIONS: Mapping[PageState, Mapping[PageEvent, PageState]] = {
    "running": {
        "help": "help",
        "escape": "leaving",
        "failed": "trouble",
        "ended": "summary",
        "clock": "running",
    },
    "help": {
        "help": "running",
        "escape": "running",
        "back": "running",
        "pain": "running",
        "failed": "trouble",
        "ended": "summary",
    },
    "leaving": {
        "escape": "stopping",
        "leave": "stopping",
        "back": "running",
        "pain": "running",
        "failed": "trouble",
        "ended": "summary",
    },
    "stopping": {"failed": "trouble", "ended": "summary"},
    "trouble": {"again": "running", "clock": "running"},
    "summary": {"again": "running"},
}

OVER: tuple[PageState, ...] = ("trouble", "summary")
"""States in which no session runs. Escape asks the window to go home."""


class PanelPause:
    """The pause that an opening panel requests, and whether closing the panel must take it back.

    While the panel is open the user may resume with both arms up, or walk away. The pause that was
    requested then no longer exists, and a second "pause" command would start another one.
    """

    def __init__(self) -> None:
        self._requested = self._seen = False

    def begin(self) -> None:
        """A panel opens and the page requests a pause."""
        self._requested, self._seen = True, False

    def see(self, halted: str) -> None:
        """Note why the session stands still in a judged frame; "" when it does not."""
        self._seen = self._seen or halted == "person"

    def forget(self) -> None:
        """Never take the pause back."""
        self._requested = False

    def end(self, halted: str) -> bool:
        """Whether closing the panel must resume the session, which stands still because of
        `halted`. A pause that no judged frame has shown yet still counts: it is on its way."""
        requested, self._requested = self._requested, False
        return requested and (halted == "person" or not self._seen)
