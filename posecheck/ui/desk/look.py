"""One picture at the desk: the pose in it, or why there is none, and what it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from posecheck.body.brightness import brightness
from posecheck.desk.alerts import Circumstances
from posecheck.desk.monitor import DeskMonitor, DeskNews, DeskView, light_trouble
from posecheck.desk.sampling import CALM
from posecheck.desk.states import DeskTrouble
from posecheck.io.vision.pose_model import PoseModel
from posecheck.pose import Frame, Pose

LIGHTER = 5.0
"""So much lighter than too dark a dark picture has to become: a lamp must not make it waver."""
SOON_S = 30.0
"""A break that is due this soon needs to know whether it may be told."""


class FrameReader:
    """`look` once per picture. `luma` is the brightness of the last one, 0 to 255."""

    def __init__(self) -> None:
        self.luma = 0.0
        self._dark = False

    def look(self, frame: Frame, model: PoseModel) -> tuple[Pose | None, DeskTrouble]:
        """The pose, or None and why. The model does not see a picture that is too dark."""
        self.luma = brightness(frame.image)
        self._dark = light_trouble(self.luma - LIGHTER if self._dark else self.luma)
        if self._dark:
            return None, "too_dark"
        sighting = model.estimate(frame, False)
        if sighting.pose is None or sighting.no_pose_reason:
            return None, "someone_else" if sighting.no_pose_reason == "someone_else" else "nobody"
        return sighting.pose, ""


def judge(
    monitor: DeskMonitor,
    t: float,
    pose: Pose | None,
    trouble: DeskTrouble,
    circumstances: Callable[[], Circumstances],
) -> DeskNews:
    """One look. The circumstances are asked where something may have to be said: to ask costs more
    than a tenth of the watch."""
    if not _calm(monitor.view):
        return monitor.update(t, pose, trouble, circumstances())
    news = monitor.update(t, pose, trouble)
    if any(alert.key for alert in news.alerts) and circumstances().silent:
        # What comes out of a calm, such as the break after a nudge that was ignored.
        return replace(news, alerts=tuple(each for each in news.alerts if not each.key))
    return news


def _calm(view: DeskView) -> bool:
    """Whether nothing will have to be said soon."""
    reading = view.reading
    # Someone who is seen but not in their place is asked whether the camera has moved.
    elsewhere = reading.state == "away" and bool(reading.changes)
    asks = elsewhere or bool(reading.question) or reading.checking
    return reading.state in CALM and not (asks or view.due or view.until_break_s <= SOON_S)
