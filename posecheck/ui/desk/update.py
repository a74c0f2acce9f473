"""What the desk's thread hands to its windows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from posecheck.desk.monitor import DeskNews, DeskView
from posecheck.desk.setup import SetupView
from posecheck.pose import Frame, Pose


@dataclass(frozen=True, slots=True, eq=False)
class DeskUpdate:
    """What is new since the last update.

    view    the newest, None before the first frame
    news    alerts, reminders and minutes in order, each given once
    setup   the set-up's newest view while it runs, and once with its result; else None
    said    phrases for the set-up to speak, each given once
    frame   the newest frame while frames are wanted, else None
    pose    the pose that was seen in it
    """

    view: DeskView | None
    news: tuple[DeskNews, ...]
    setup: SetupView | None
    said: tuple[str, ...]
    frame: Frame | None
    pose: Pose | None


class UpdateBox:
    """Collects what the thread reports until a window takes it. Any thread may call anything."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._announced = False
        self._frames_wanted = False
        self._view: DeskView | None = None
        self._news: list[DeskNews] = []
        self._setup: SetupView | None = None
        self._said: list[str] = []
        self._frame: Frame | None = None
        self._pose: Pose | None = None

    # --- for the window -------------------------------------------------------------------------

    @property
    def frames_wanted(self) -> bool:
        """Whether updates contain frames."""
        return self._frames_wanted

    def want_frames(self, wanted: bool) -> None:
        """Whether to keep the newest frame. Otherwise no frame is kept once it is judged."""
        with self._lock:
            self._frames_wanted = wanted
            if not wanted:
                self._frame = self._pose = None

    def take(self) -> DeskUpdate:
        """The newest update; what it gives once is not given again."""
        with self._lock:
            update = DeskUpdate(
                view=self._view,
                news=tuple(self._news),
                setup=self._setup,
                said=tuple(self._said),
                frame=self._frame,
                pose=self._pose,
            )
            self._news.clear()
            self._said.clear()
            self._announced = False
            if update.setup is not None and update.setup.part == "done":
                self._setup = None
        return update

    # --- for the thread -------------------------------------------------------------------------

    def report(
        self,
        view: DeskView,
        news: Iterable[DeskNews],
        frame: Frame | None = None,
        pose: Pose | None = None,
    ) -> bool:
        """Whether to announce it to the window: nothing is waiting to be taken yet."""
        with self._lock:
            self._view = view
            self._news += [each for each in news if each.alerts or each.reminders or each.minute]
            keep = self._frames_wanted and frame is not None
            self._frame, self._pose = (frame, pose) if keep else (None, None)
            announce, self._announced = not self._announced, True
        return announce

    def report_setup(self, view: SetupView) -> None:
        """A step of the set-up; the next `report` announces it."""
        with self._lock:
            self._setup = view
            if view.said:
                self._said.append(view.said)

    def clear_setup(self) -> None:
        """Discard the set-up's view and its phrases."""
        with self._lock:
            self._setup = None
            self._said.clear()

    def clear(self) -> None:
        """Discard everything about the user's day."""
        with self._lock:
            self._view = None
            self._news.clear()

    def drop_frame(self) -> None:
        """Discard the newest frame."""
        with self._lock:
            self._frame = self._pose = None
