"""What the lite model saw in a clip of a sitter, stored, so that tests of the judge need no model.

python tests/desk_streams.py    writes clips/desk_slouch_adam.npz again
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from posecheck.pose import Detection, Pose

CLIP = Path(__file__).parent / "clips" / "desk_slouch_adam.mp4"
STREAM = CLIP.with_suffix(".npz")


def read_stream() -> list[tuple[float, Detection]]:
    """Time and detection of every frame of the clip."""
    with np.load(STREAM) as stored:
        size = (int(stored["size"][0]), int(stored["size"][1]))
        rows = zip(stored["t"], stored["px"], stored["world"], stored["visibility"], strict=True)
        return [
            (
                float(t),
                Detection(
                    Pose(
                        px.astype(np.float64),
                        world.astype(np.float64),
                        visibility.astype(np.float64),
                        size,
                    )
                ),
            )
            for t, px, world, visibility in rows
        ]


def write_stream() -> None:
    """Record the clip; the user is seen in all of its frames."""
    from posecheck.io.vision.camera import open_source
    from posecheck.io.vision.estimator import Estimator

    with open_source(CLIP) as source, Estimator("lite") as estimator:
        seen = [(frame.t, estimator(frame).pose) for frame in source]
    poses = [pose for _, pose in seen if pose is not None]
    assert len(poses) == len(seen)
    np.savez_compressed(
        STREAM,
        t=np.array([t for t, _ in seen]),
        size=np.array(poses[0].size),
        px=np.array([pose.px for pose in poses], np.float32),
        world=np.array([pose.world for pose in poses], np.float16),
        visibility=np.array([pose.visibility for pose in poses], np.float16),
    )


if __name__ == "__main__":
    write_stream()
