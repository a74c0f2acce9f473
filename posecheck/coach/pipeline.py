"""The loop: frames in, moments out. The one place where the camera, the core and the coach meet.

Live sessions, recordings and tests all run here. Nothing is opened, written or shown: callers
hand in what gives frames and poses, and do with each `FrameResult` what they like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from posecheck.body.brightness import brightness
from posecheck.body.joint_filter import JointFilter
from posecheck.coach.coach import Coach
from posecheck.coach.cues import Cue
from posecheck.coach.guide import Guide, GuideView
from posecheck.pose import Detection, Frame, Observation, Pose
from posecheck.session.events import Event
from posecheck.session.session import Session, SessionView

Estimate = Callable[[Frame, bool], Detection]
"""One frame -> the person in it; the second argument asks for the segmentation mask."""
Watch = Callable[[Frame], Detection]


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


def observed(frames: Iterable[Frame], watch: Watch) -> Iterator[tuple[Frame, Observation]]:
    """What the judge is told of each frame, in order: the same for live, recorded and replayed
    frames. The detector does not look at frames without a camera."""
    joint_filter = JointFilter()
    for frame in frames:
        found = LOST if frame.lost else watch(frame)
        yield frame, observation_of(joint_filter, frame, found)


def observation_of(joint_filter: JointFilter, frame: Frame, found: Detection) -> Observation:
    """A detection with the joints that can be believed."""
    return Observation(
        pose=trusted(joint_filter, frame.t, found),
        no_pose_reason=found.no_pose_reason,
        track_reset=found.track_reset,
        other_person_size=found.other_person_size,
        brightness=brightness(frame.image),
    )


def trusted(joint_filter: JointFilter, t: float, found: Detection) -> Pose | None:
    """The joints that can be believed; None when the subject is not seen. Without the subject, and
    after a reset of the track, the filter forgets what it remembers of the person."""
    if found.pose is None or found.no_pose_reason or found.track_reset:
        joint_filter.forget()
    if found.pose is None or found.no_pose_reason:
        return None
    return joint_filter.update(t, found.pose)


def run(
    frames: Iterable[Frame], estimate: Estimate, session: Session, coach: Coach
) -> Iterator[FrameResult]:
    """One result per frame of a recording, in order, until the frames end."""
    watched = observed(frames, lambda frame: estimate(frame, session.wants_mask(frame.t)))
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
    watched = observed(frames, lambda frame: estimate(frame, guide.wants_mask(frame.t)))
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
