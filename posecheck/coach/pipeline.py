"""The loop: frames in, moments out. The one place where the camera, the core and the coach meet.

Live sessions, recordings and tests all run here. Nothing is opened, written or shown: callers
hand in what gives frames and poses, and do with each `FrameResult` what they like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from posecheck.body.joint_filter import JointFilter
from posecheck.coach.cues import Coach, Cue
from posecheck.coach.guide import Guide, GuideView
from posecheck.pose import Detection, Frame, Pose
from posecheck.session.events import Event
from posecheck.session.placement import light
from posecheck.session.session import Session, SessionView

Estimate = Callable[[Frame, bool], Detection]
"""One frame -> who is in it; the second argument asks for the segmentation mask."""


@dataclass(frozen=True, slots=True, eq=False)
class FrameResult:
    """Everything about one frame.

    pose    trusted joints only (others NaN); None when nobody can be judged
    screen  the one line to show, "" for none
    rival   as in Sighting: whether another person is in the picture, and how large
    """

    frame: Frame
    pose: Pose | None
    events: tuple[Event, ...]
    cues: tuple[Cue, ...]
    view: SessionView
    screen: str
    other_person_size: float = 0.0


def run(
    frames: Iterable[Frame], estimate: Estimate, session: Session, coach: Coach
) -> Iterator[FrameResult]:
    """One moment per frame, in order, until the frames end."""
    trust = JointFilter()
    for frame in frames:
        seen = estimate(frame, session.wants_mask(frame.t))
        pose = trusted(trust, frame.t, seen)
        events = session.update(frame.t, pose, seen.no_pose_reason, seen.track_reset)
        cues = coach.update(frame.t, events, session.view)
        yield FrameResult(
            frame, pose, events, cues, session.view, coach.screen, seen.other_person_size
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
    """One moment per frame, in order, until the frames end; the session may end before. Frames
    without a camera are not looked at."""
    trust = JointFilter()
    for frame in frames:
        seen = LOST if frame.lost else estimate(frame, guide.wants_mask(frame.t))
        pose = trusted(trust, frame.t, seen)
        led = guide.update(frame.t, pose, seen, light(frame.image))
        yield GuidedFrame(frame, pose, led.events, led.cues, guide.view)


LOST = Detection(None, "camera")


def trusted(trust: JointFilter, t: float, seen: Detection) -> Pose | None:
    """The joints that can be believed; None when the subject is not seen. What `trust` remembers
    of somebody else, or of before, is forgotten."""
    if seen.pose is None or seen.no_pose_reason or seen.track_reset:
        trust.forget()
    return None if seen.pose is None or seen.no_pose_reason else trust.update(t, seen.pose)
