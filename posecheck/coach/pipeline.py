"""The loop: frames in, results out. The only place where the camera, the core and the coach meet.

Live sessions, recordings and tests all run this loop. It opens, writes and shows nothing: the
caller passes in the frames and the estimator, and uses each `FrameResult` as needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from posecheck.body.brightness import brightness
from posecheck.body.joint_filter import JointFilter
from posecheck.body.liveness import Liveness
from posecheck.coach.coach import Coach
from posecheck.coach.cues import Cue
from posecheck.coach.guide import Guide, GuideView
from posecheck.pose import Detection, Frame, MaskNeed, Observation, Pose
from posecheck.session.events import Event
from posecheck.session.session import Session, SessionView

Estimate = Callable[[Frame, MaskNeed], Detection]
"""One frame -> the person in it, with the mask where it is needed now."""
Detect = Callable[[Frame], Detection]
"""The same, with the need of a mask decided already."""


@dataclass(frozen=True, slots=True, eq=False)
class FrameResult:
    """Everything about one frame.

    pose               trusted joints only (others NaN); None when nobody can be judged
    screen             the one line to show, "" for none
    other_person_size  as in `Detection`
    """

    frame: Frame
    pose: Pose | None
    events: tuple[Event, ...]
    cues: tuple[Cue, ...]
    view: SessionView
    screen: str
    other_person_size: float = 0.0


def observed(frames: Iterable[Frame], detect: Detect) -> Iterator[tuple[Frame, Observation]]:
    """Each frame with its observation, in order, in the same way for live, recorded and replayed
    frames. `detect` is not called for frames without a picture."""
    observer = Observer()
    for frame in frames:
        found = LOST if frame.lost else detect(frame)
        yield frame, observer.update(frame, found)


class Observer:
    """Makes the observations of one stream: with trusted joints only, without the pose of a frozen
    picture, and with the brightness."""

    def __init__(self) -> None:
        self._joint_filter, self._liveness = JointFilter(), Liveness()

    def update(self, frame: Frame, found: Detection) -> Observation:
        """The observation for the detection in the next frame."""
        picture = self._liveness.update(frame.t, found.repeated)
        if picture == "frozen":
            found = replace(found, pose=None, no_pose_reason="frozen")
        seen = None if found.no_pose_reason else found.pose
        return Observation(
            pose=self._joint_filter.follow(frame.t, seen, found.track_reset),
            no_pose_reason=found.no_pose_reason,
            track_reset=found.track_reset,
            other_person_size=found.other_person_size,
            brightness=brightness(frame.image),
            repeated=picture == "repeated",
        )


def run(
    frames: Iterable[Frame], estimate: Estimate, session: Session, coach: Coach
) -> Iterator[FrameResult]:
    """One result per frame of a recording, in order, until the frames end."""
    watched = observed(frames, lambda frame: estimate(frame, session.mask_need(frame.t)))
    for frame, observation in watched:
        events = session.update(frame.t, observation)
        cues = coach.update(frame.t, events, session.view)
        yield FrameResult(
            frame=frame,
            pose=observation.pose,
            events=events,
            cues=cues,
            view=session.view,
            screen=coach.screen,
            other_person_size=observation.other_person_size,
        )


@dataclass(frozen=True, slots=True, eq=False)
class GuidedFrame:
    """Everything about one frame of a led session; `pose` as in `FrameResult`."""

    frame: Frame
    pose: Pose | None
    events: tuple[Event, ...]
    cues: tuple[Cue, ...]
    view: GuideView


def lead(frames: Iterable[Frame], estimate: Estimate, guide: Guide) -> Iterator[GuidedFrame]:
    """One result per frame of a led session, in order, until the frames end; the session may end
    before."""
    watched = observed(frames, lambda frame: estimate(frame, guide.mask_need(frame.t)))
    for frame, observation in watched:
        update = guide.update(frame.t, observation)
        yield GuidedFrame(
            frame=frame,
            pose=observation.pose,
            events=update.events,
            cues=update.cues,
            view=guide.view,
        )


LOST = Detection(None, "camera")
