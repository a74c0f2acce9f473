"""What the desk's thread hands to its windows."""

from __future__ import annotations

from dataclasses import dataclass

from posecheck.desk.monitor import DeskNews, DeskView
from posecheck.desk.setup import SetupView
from posecheck.pose import Frame, Pose


@dataclass(frozen=True, slots=True, eq=False)
class DeskUpdate:
    """What came since the last look.

    view    the newest, None before the first picture
    news    everything worth a word or a line in the store, in order, each given once
    setup   the set-up's newest view while it runs and once with its result; else None
    said    phrases that the set-up wants spoken, each given once
    frame   the newest picture while it is wanted, else None; `pose` is what was seen in it
    """

    view: DeskView | None
    news: tuple[DeskNews, ...]
    setup: SetupView | None
    said: tuple[str, ...]
    frame: Frame | None
    pose: Pose | None
