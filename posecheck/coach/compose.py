"""From the state of a session to its `Scene`: everything on the screen, derived in one place.

`scene_of` is for any session, recordings included. `led_scene` adds what only a led session has:
the place to step into, pauses, the pain flow, offers and keys. Both are pure functions: the same
state gives the same scene.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from posecheck.coach.annotations import annotate
from posecheck.coach.guide import GuideView
from posecheck.coach.pacing import MIN_SHOWN_S, top_fault
from posecheck.coach.pain import ANSWERABLE_S
from posecheck.coach.scene import DisplayState, Option, Scene
from posecheck.coach.tally import seconds_by_verdict
from posecheck.coach.wording import short_name, shown_state
from posecheck.pose import Pose
from posecheck.session.plan import PlannedSet
from posecheck.session.session import SessionView
from posecheck.timing import MinDwell

PAIN_OPTIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "asking": (("S", "pain_sharp"), ("L", "pain_spreading"), ("M", "pain_mild_answer")),
    "easing": (("Y", "pain_yes"), ("N", "pain_no")),
    "care": (("Enter", "do_close"),),
    "ended": (("Enter", "do_close"),),
}
"""Step of the pain flow -> the keys of its answers and their phrases."""


def scene_of(
    view: SessionView, screen: str, pose: Pose | None, phrases: Mapping[str, str]
) -> Scene:
    """The scene of a session. `screen`: the coach's line; `pose`: trusted joints only."""
    planned = view.planned
    display_state: DisplayState = shown_state(view)
    # In a rest the verdict is still that of the work.
    rule = top_fault(view) if pose is not None and view.phase == "work" else None
    annotation = None
    if rule is not None and pose is not None and display_state != "unseen":
        annotation = annotate(rule, pose, planned.side, view.near, view.values, phrases)
    count, unit = _count(view, phrases)
    coming = view.coming
    if view.phase == "rest" and coming is not None:
        planned = coming  # in a rest the next set matters
    return Scene(
        display_state=display_state,
        word=state_word(view, display_state, phrases),
        cue=screen,
        title=_title(view, planned, phrases),
        side=_side_or_way(planned, phrases),
        sets=phrases["set_of"].format(number=planned.number, of=planned.of)
        if planned.of > 1
        else "",
        count=count,
        unit=unit,
        share=_share(view),
        exercise=planned.exercise.id,
        working=planned.side,
        shows_motion=view.phase != "work" or planned.exercise.category != "hold",
        pose=pose,
        annotation=annotation,
        steps=_steps(view),
        now=view.index,
        coming=_coming(view.planned, coming, phrases) if view.phase != "rest" else "",
        seconds_by_verdict=None
        if view.unchecked
        else seconds_by_verdict(view.planned, view.progress, view.early_unseen_s),
        watched=view.watched,
    )


def state_word(view: SessionView, display_state: DisplayState, phrases: Mapping[str, str]) -> str:
    """The name of a display state. The work waits for the first right form or repetition."""
    waiting = display_state == "ready" and view.phase == "work"
    return phrases["state_waiting" if waiting else f"state_{display_state}"]


def led_scene(view: GuideView, pose: Pose | None, phrases: Mapping[str, str]) -> Scene:
    """The scene of a led session."""
    scene = scene_of(view.session, view.line, pose, phrases)
    display_state = _led_state(view, scene.display_state)
    unmarked = display_state in ("halted", "pain", "lost", "placing")
    return replace(
        scene,
        display_state=display_state,
        word=state_word(view.session, display_state, phrases),
        detail=view.detail,
        annotation=None if unmarked else scene.annotation,
        outline=view.session.placement.outline
        if display_state == "placing" and view.session.placement is not None
        else None,
        options=_options(view, phrases),
    )


def _led_state(view: GuideView, display_state: DisplayState) -> DisplayState:
    if view.pain.step:
        return "pain"
    if view.halted:
        return "lost" if view.halted == "camera" else "halted"
    session = view.session
    if session.phase == "work" and not session.unchecked:
        return (
            session.progress.state
        )  # a body hidden for a moment keeps its state, as the timer does
    waiting = session.phase == "ready" and session.start_blocker not in ("", "still")
    return "placing" if waiting and not session.unchecked else display_state


EXACT_S = 1e-6
"""Tolerance of the countdown, seconds: a rounding error in a sum of frame times must not show one
second more."""
AT_ONCE: frozenset[DisplayState] = frozenset({"pain", "halted", "lost", "done"})
"""Display states that answer a key or a loss are shown without delay."""


class SceneDwell:
    """Keeps the display state of a scene for MIN_SHOWN_S, so that nothing flickers."""

    def __init__(self) -> None:
        self._shown: MinDwell[tuple[DisplayState, str] | None] = MinDwell(MIN_SHOWN_S, None)

    def update(self, t: float, scene: Scene) -> Scene:
        """The scene of time t (seconds, increasing), with a display state that may be shown."""
        wanted = (scene.display_state, scene.word)
        shown = self._shown.update(t, wanted, at_once=scene.display_state in AT_ONCE)
        display_state, word = shown or wanted
        return replace(scene, display_state=display_state, word=word)


def _options(view: GuideView, phrases: Mapping[str, str]) -> tuple[Option, ...]:
    if view.pain.step:
        if view.pain.left_s > ANSWERABLE_S:
            return ()
        return tuple(Option(k, phrases[w]) for k, w in PAIN_OPTIONS.get(view.pain.step, ()))
    space = phrases["key_space"]
    if view.halted:
        pain = Option("P", phrases["do_pain"])
        if view.halted == "camera":
            return (pain, Option("U", phrases["do_no_camera"]))
        unseen = (Option("U", phrases["do_uncheck"]),) if view.halted == "left" else ()
        return (Option(space, phrases["do_go_on"]), *unseen, pain)
    offered = {"unchecked": ("U", "do_uncheck"), "range": ("R", "do_range")}
    extra = [Option(k, phrases[w]) for o, (k, w) in offered.items() if o == view.offer]
    usual = ((space, "do_pause"), ("←", "do_back"), ("→", "do_skip"), ("P", "do_pain"),
             ("H", "do_help"))  # fmt: skip
    return (*extra, *(Option(key, phrases[words]) for key, words in usual))


def _count(view: SessionView, phrases: Mapping[str, str]) -> tuple[str, str]:
    """The number to show huge, what is left or what has been counted, and its unit."""
    left = view.seconds_left
    if view.begins_s and not view.watched:
        return f"{math.ceil(view.begins_s)}", phrases["unit_begins"]
    if view.phase == "rest":
        return f"{math.ceil(view.rest_s)}", phrases["unit_seconds_left"]
    if view.planned.exercise.category == "reps" and view.planned.time_s is None and left is None:
        wanted = view.planned.reps
        unit = phrases["unit_reps"].format(count=wanted) if wanted else phrases["unit_reps_open"]
        return f"{view.progress.reps}", unit
    if left is not None:
        return f"{max(0, math.ceil(left - EXACT_S))}", phrases["unit_seconds_left"]
    return f"{int(view.progress.held_s + view.progress.unchecked_s)}", phrases["unit_seconds"]


def _title(view: SessionView, planned: PlannedSet, phrases: Mapping[str, str]) -> str:
    """The name of the exercise; in a rest that of the next one."""
    name = short_name(planned.exercise)
    if view.phase != "rest" or planned.exercise.id == view.planned.exercise.id:
        return name
    return phrases["next"].format(name=name)


def _share(view: SessionView) -> float:
    """The share of the set that is done, 0 to 1; 0 where the set has no end."""
    if view.phase in ("rest", "done"):
        return 1.0
    left, whole = view.seconds_left, view.planned.target_s
    if left is not None and whole is None:  # repetitions that go on without form check
        whole = left + view.progress.unchecked_s
    if left is not None and whole:
        return min(1.0, max(0.0, 1 - left / whole))
    return min(1.0, view.progress.reps / view.planned.reps) if view.planned.reps else 0.0


def _steps(view: SessionView) -> tuple[float, ...]:
    """The share that is done of each set of the plan. A set that was skipped counts as done."""
    return tuple(
        1.0 if index < view.index else _share(view) if index == view.index else 0.0
        for index in range(len(view.planned_sets))
    )


def _side_or_way(planned: PlannedSet, phrases: Mapping[str, str]) -> str:
    """The side of a set, or its direction; no exercise has both."""
    if planned.side:
        return phrases[f"side_{planned.side}"]
    return phrases[f"way_{planned.way}"] if planned.way else ""


def _coming(planned: PlannedSet, coming: PlannedSet | None, phrases: Mapping[str, str]) -> str:
    if coming is None:
        return ""
    same = coming.exercise.id == planned.exercise.id
    if same and coming.side and coming.side != planned.side:
        return phrases["next_side"].format(side=phrases[f"side_{coming.side}"])
    if same and coming.way and coming.way != planned.way:
        return phrases["next_side"].format(side=phrases[f"way_{coming.way}"])
    if same:
        return phrases["again"].format(name=short_name(coming.exercise))
    return phrases["next"].format(name=short_name(coming.exercise))
