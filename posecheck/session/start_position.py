"""Tells the start of an exercise from the exercise itself, before its neutral is learnt.

A neutral that is learnt inside the exercise makes right form wrong: a twist is measured against the
twisted chest. The posture does not show it, because it is the same. Two things do: a chest that is
turned already, in an exercise that is judged by that turn, and a form that is right already in
everything that needs no neutral.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from posecheck.body import formulas as f
from posecheck.body.baseline import bases_of, is_relative
from posecheck.body.geometry import Body
from posecheck.exercise import Exercise
from posecheck.session.form import FormChecker

TURNED_DEG, TWISTED_DEG = 20.0, 12.0
"""The chest turned from the camera, and against the hips, degrees, from which a body in front of
the camera may be in a twist. Turned cameras, two rendered people: at the start of the twists the
chest reads 0 to 15 with the camera up to 20 off, and -6 to 4 against the hips up to 30 off; in the
seated twist 21 to 43 against the hips."""
TWISTED_OBLIQUE_DEG = 20.0
"""The same against the hips in other views, where the start reads up to 18."""
BACK_DEG = 4.0
"""Degrees nearer to the front at which a turned body is at the start again."""

StartFault = Literal["", "view", "entered"]
"""Why the body is not at the start: the chest is turned; the exercise has been entered."""


class StartPosition:
    """Whether a body is at the start of an exercise, where its neutral may be learnt.

    tells  the start differs from the exercise in a way that is seen here. Where it does not, a
           stillness that comes later may be the exercise itself
    """

    def __init__(self, exercise: Exercise, compared: tuple[str, ...], level: int) -> None:
        self._judges_turn = any("shoulder_yaw" in bases_of(spec) for spec in compared)
        self._front = exercise.camera is not None and exercise.camera.view == "front"
        strict = [r for r in exercise.rules if r.severity != "advice" and not is_relative(r.metric)]
        ranged = exercise.category == "hold" and any(rule.kind == "range" for rule in strict)
        self._form = FormChecker(strict, level) if ranged else None
        self._turned = False
        self.tells = self._judges_turn or ranged

    def update(self, t: float, body: Body, values: Mapping[str, float]) -> StartFault:
        """Whether the body is not at the start at time t (seconds, increasing).

        values  raw values of the frame
        """
        self._turned = self._judges_turn and self._is_turned(body, self._turned)
        entered = self._form is not None and self._form.update(t, values).form == "right"
        if self._turned:
            return "view" if self._front else "entered"
        return "entered" if entered else ""

    def _is_turned(self, body: Body, already: bool) -> bool:
        slack = BACK_DEG if already else 0.0
        twist = abs(f.twist(body, "left"))  # NaN where the hips are not seen, as on a chair
        if not self._front:
            return twist > TWISTED_OBLIQUE_DEG - slack
        yaw = abs(f.yaw(body, "shoulder"))
        return min(yaw, 180.0 - yaw) > TURNED_DEG - slack or twist > TWISTED_DEG - slack
