"""A floor routine of clips, and what the full model saw in it, stored for tests without the model.

python tests/mat_stream.py    writes clips/mat.rec and clips/mat.json again
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
from golden import MASK_S

from posecheck.body.brightness import brightness
from posecheck.coach.pipeline import Estimate
from posecheck.io.store.recording import RecordedSet, Recording, RecordingHeader, RecordingWriter
from posecheck.io.store.recording_block import RecordedFrame, quantised
from posecheck.pose import Detection, Frame, MaskNeed

CLIPS = Path(__file__).parent / "clips"
STREAM = CLIPS / "mat.rec"
FAULTS = STREAM.with_suffix(".json")
EVERY = 2
"""Every second frame: 7.5 per second, as on a slow computer."""
WAITING_FPS = 4
"""Frames per second while nothing moves."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip of the routine.

    waits_s   seconds for which the person waits in the first picture and listens
    mirrored  shows the other side
    """

    name: str
    waits_s: float = 0.0
    mirrored: bool = False


MAT = (
    Clip("cat_cow_adam_L"),
    Clip("childs_pose_beth_R"),
    Clip("supine_spinal_twist_carl_L", waits_s=23.0),
    Clip("supine_spinal_twist_carl_L", waits_s=3.0, mirrored=True),
    Clip("plank_adam_L", waits_s=3.0),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that a clip shows, in seconds of the routine. `rules` are the ids of the rules that
    name it."""

    start: float
    end: float
    rules: tuple[str, ...]


@dataclass
class Film:
    """Clips one after the other, as a camera gives them. `faults` is complete after the last
    frame."""

    clips: Sequence[Clip]
    faults: list[Fault] = field(default_factory=list)

    def __iter__(self) -> Iterator[Frame]:
        from posecheck.io.vision.live import Playlist

        names = [str(CLIPS / f"{clip.name}.mp4") for clip in self.clips]
        coming = iter(self.clips)
        late, dark = 0.0, True
        for index, frame in enumerate(Playlist(names, paced=False)):
            was, dark = dark, not frame.image.any()
            if was and not dark:
                clip = next(coming)
                for step in range(round(clip.waits_s * WAITING_FPS)):
                    image = _turned(frame.image, clip.mirrored)
                    yield Frame(frame.t + late + step / WAITING_FPS, image)
                late += clip.waits_s
                self._remember(clip, frame.t + late)
            if index % EVERY == 0:
                image = _turned(frame.image, not dark and clip.mirrored)
                yield Frame(frame.t + late, image)

    def _remember(self, clip: Clip, start: float) -> None:
        truth = json.loads((CLIPS / f"{clip.name}.json").read_text(encoding="utf-8"))
        self.faults += [
            Fault(start + part["t0"], start + part["t1"], tuple(truth["accept"][part["label"]]))
            for part in truth["segments"]
            if part["label"] in truth["accept"]
        ]


def _turned(image: np.ndarray, mirrored: bool) -> np.ndarray:
    return np.ascontiguousarray(image[:, ::-1]) if mirrored else image


class Stream:
    """The recorded routine: frames of plain grey, as bright as the pictures were, and the estimator
    that answers what the model saw in them."""

    def __init__(self) -> None:
        self._rows = {row.t: row for row in Recording(STREAM).frames()}

    def __iter__(self) -> Iterator[Frame]:
        for t, row in self._rows.items():
            yield Frame(t, np.full((72, 128, 3), round(row.brightness), np.uint8))

    def estimate(self, frame: Frame, mask: MaskNeed) -> Detection:
        seen = self._rows[frame.t].detection
        if mask == "now" or seen.pose is None:
            return seen
        return replace(seen, pose=replace(seen.pose, mask=None))


def recorded_faults() -> list[Fault]:
    """The faults that the clips show."""
    rows = json.loads(FAULTS.read_text(encoding="utf-8"))
    return [Fault(row["start"], row["end"], tuple(row["rules"])) for row in rows]


def record(film: Film, estimate: Estimate) -> None:
    """Write what an estimator sees, with silhouettes as often as a session asks, and the faults."""
    writer, due = RecordingWriter(STREAM), 0.0
    sets = tuple(RecordedSet(clip.name) for clip in film.clips)
    writer.begin(RecordingHeader("session", "0.1.0", "mat", "full", 2, sets))
    for frame in film:
        seen = quantised(estimate(frame, "now" if frame.t >= due else "soon"))
        due = frame.t + MASK_S - 1e-9 if frame.t >= due else due
        writer.add(RecordedFrame(frame.t, seen, brightness(frame.image)))
    writer.close()
    STREAM.chmod(0o644)
    rows = ",\n".join(json.dumps(asdict(fault)) for fault in film.faults)
    FAULTS.write_text(f"[\n{rows}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    from posecheck.io.vision.estimator import Estimator

    with Estimator("full", masks=True) as estimator:
        record(Film(MAT), estimator)
