"""What a session shows: the newest picture, the scene of the newest judged frame, a lit screen."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from posecheck.coach.compose import SceneDwell, led_scene
from posecheck.coach.guide import GuideView
from posecheck.coach.pipeline import GuidedFrame
from posecheck.coach.scene import Option, Scene
from posecheck.io.desktop.keep_awake import Awake
from posecheck.io.vision.skeleton_flow import SkeletonFlow
from posecheck.timing import Lasted
from posecheck.ui.session.worker import WorkerUpdate
from posecheck.ui.widgets.canvas import Canvas

_logger = logging.getLogger("posecheck.session")

MAX_SKELETON_AGE_S = 0.5
"""A skeleton that belongs to a picture this much older than the one drawn is hidden: in that time a
limb moves by its own width. With the usual model the age is 0.03 s."""
AWAKE_S = 300.0
"""Seconds of a halt during which the screen stays on. After a longer one the user may have left."""


class SessionDisplay:
    """Decides what the canvas of a session draws.

    options  what can be chosen now. The page shows these as buttons, so the canvas does not draw
             them
    """

    def __init__(self, canvas: Canvas, phrases: Mapping[str, str]) -> None:
        self.options: tuple[Option, ...] = ()
        self._canvas, self._phrases = canvas, phrases
        self._dwell = SceneDwell()
        self._judged: GuidedFrame | None = None
        self._flow = SkeletonFlow()

    @property
    def view(self) -> GuideView | None:
        """The guide's view in the newest judged frame; None before the first."""
        return self._judged.view if self._judged is not None else None

    @property
    def judged_t(self) -> float:
        """Time of the newest judged frame, seconds of the source; 0.0 before the first."""
        return self._judged.frame.t if self._judged is not None else 0.0

    def start(self, view: GuideView) -> None:
        """Show the beginning of a session, arranged as its first judged frame will be: otherwise
        everything would jump to its place when that frame arrives. While the camera opens, the user
        may do without it."""
        self._dwell, self._judged = SceneDwell(), None
        go_without = Option("U", self._phrases["do_no_camera"])
        self.options = (go_without,) if view.session.watched else ()
        self._flow = SkeletonFlow()
        scene = led_scene(view, None, self._phrases)
        word, cue = self._phrases["state_ready"], self._phrases["starting"]
        self._canvas.show_picture(None)
        self._canvas.show_scene(
            replace(scene, display_state="ready", word=word, cue=cue, detail="", options=())
        )

    def show_stage(self, stage: str) -> None:
        """Name what the worker opens, until the first judged frame: "camera" or "model"."""
        if self._judged is None:
            cue = self._phrases[f"starting_{stage}"]
            self._canvas.show_scene(replace(self._canvas.scene, cue=cue))

    def show(self, update: WorkerUpdate) -> None:
        """Show what the worker has delivered."""
        if update.image is not None:
            if self._canvas.image is None:
                _logger.info("first picture")
            self._canvas.show_picture(update.image)
            self._flow.show(update.image)
        if update.guided is not None:
            if self._judged is None:
                _logger.info("first verdict")
            self._judged = update.guided
            scene = led_scene(update.guided.view, update.guided.pose, self._phrases)
            scene = self._dwell.update(update.guided.frame.t, scene)
            self.options = scene.options
            if not scene.watched:  # the camera was lost, and the user goes on without it
                self._canvas.show_picture(None)
            self._flow.found(scene.pose, update.guided.frame.image)
            self._canvas.show_scene(_without_buttons(scene))
        if self._canvas.scene.pose is not None:
            self._canvas.show_scene(replace(self._canvas.scene, pose=self._flow.pose))
        if update.behind_s > MAX_SKELETON_AGE_S and self._canvas.scene.pose is not None:
            self._canvas.show_scene(replace(self._canvas.scene, pose=None, annotation=None))


def _without_buttons(scene: Scene) -> Scene:
    """The scene as the canvas draws it: the options are buttons below it, and pain hides the count
    and the instruction picture, because the user has only to read what to do now."""
    drawn = replace(scene, options=())
    if scene.display_state == "pain":
        drawn = replace(drawn, count="", unit="", seconds_by_verdict=None, exercise="")
    return drawn


class ScreenAwake:
    """Keeps the screen on while a session runs, except during a long halt."""

    def __init__(self) -> None:
        self._awake: Awake | None = None
        self._halt = Lasted()

    def update(self, t: float, halted: bool) -> None:
        """The session runs at time t (seconds, increasing) and may stand still."""
        self._keep(self._halt.update(t, halted) < AWAKE_S)

    def release(self) -> None:
        """No session runs. May be called twice."""
        self._halt.reset()
        self._keep(False)

    def _keep(self, on: bool) -> None:
        if on and self._awake is None:
            self._awake = Awake()
        elif not on and self._awake is not None:
            self._awake.close()
            self._awake = None
