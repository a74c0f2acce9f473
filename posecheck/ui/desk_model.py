"""The pose model as the desk uses it."""

from __future__ import annotations

from posecheck.ui.loop import Estimating, Opened

CALM_S = 60.0
"""Seconds between doubts about a skeleton that was right. A person at a desk is alone and stays
where they are, and at a frame per second the usual doubts are a sixth of all the work."""


def desk_estimating(model: str) -> Estimating:
    """Opens a model by its name, such as "lite"."""

    def estimating(masks: bool) -> Opened:
        # Imported late, in the thread that uses it: it takes most of a second.
        from posecheck.io.estimator import Estimator

        estimator = Estimator(model, masks=masks, calm_s=CALM_S)
        return Opened(estimator, estimator.close)

    return estimating
