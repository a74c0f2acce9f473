"""A session for a person: from a wish and their settings to what a session page needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from PySide6.QtGui import QImage, QTransform

from posecheck.coach.speech_queue import Talk
from posecheck.coach.wording import short_name
from posecheck.exercise import Exercise, Routine, Step
from posecheck.io.requirements import SystemProblem
from posecheck.io.routines.load import Library
from posecheck.io.store.settings import Settings
from posecheck.io.vision.camera import Source
from posecheck.io.vision.live import open_live
from posecheck.pose import Side
from posecheck.session.safety import Change, levelled, suited
from posecheck.session.session import PlannedSet, plan
from posecheck.ui.session.page import SessionRequest
from posecheck.ui.session.worker import PoseModel
from posecheck.ui.widgets.pictures import picture_of, read_picture, working_sides

FIRST_CAMERA = "0"


@dataclass(frozen=True, slots=True)
class LaunchOptions:
    """What the command line asked for. Without a routine and an exercise the window opens at home.

    sources  a camera, a stream or files, as `open_live` takes them; () the one of the settings
    level, talk, side  None for those of the settings
    windowed  not full screen
    close    close the window when the session is over; so does a window that nobody can see
    fast     files as fast as they go
    """

    routine: Routine | None = None
    exercise: Exercise | None = None
    sources: tuple[str, ...] = ()
    level: int | None = None
    talk: Talk | None = None
    side: Side | None = None
    model: str = "full"
    transcript: Path | None = None
    windowed: bool = False
    close: bool = False
    fast: bool = False
    planned_sets: tuple[PlannedSet, ...] = ()
    name: str = ""

    @property
    def begins(self) -> bool:
        """Whether it names something to be led through at once."""
        return bool(self.planned_sets or self.routine or self.exercise)


class NothingLeft(SystemProblem):
    """Nothing of a routine suits this person."""


def asked_for(
    wish: LaunchOptions,
    settings: Settings,
    library: Library,
    phrases: Mapping[str, str],
    opened: Callable[[], Source] | None,
) -> SessionRequest:
    """The session for a person of these settings. NothingLeft when their answers exclude it all.

    opened  the source that is open already; None to open the wished one, in the session
    """
    level = wish.level or settings.level
    specs = wish.sources or (settings.camera or FIRST_CAMERA,)
    planned_sets = wish.planned_sets
    said: tuple[str, ...] = ()
    routine = wish.routine or (_alone(wish.exercise) if wish.exercise else None)
    if routine is not None:
        fitting, changes = suited(routine, library.exercises, settings.tags)
        said = tuple(_told(change, library, phrases) for change in changes)
        if not fitting.steps:
            raise NothingLeft(phrases["nothing_left_say"])
        fitting = levelled(fitting, library.exercises, level)
        planned_sets = plan(fitting, library.exercises, wish.side or settings.start_side)
    name = wish.name or (routine.name if routine else short_name(planned_sets[0].exercise))
    return SessionRequest(
        name, planned_sets, level, said, said,
        opened or (lambda: open_live(specs, paced=not wish.fast)),
        lambda masks: estimating(wish.model, masks),
    )  # fmt: skip


def _alone(exercise: Exercise) -> Routine:
    """A routine of one exercise, as its file doses it."""
    both: Literal[1, 2] = 2 if exercise.sides == "each" else 1
    step = Step(exercise.id, both, sets=exercise.dose.sets, time_s=exercise.dose.time_s)
    return Routine(exercise.id, short_name(exercise), "", 0, (step,))


def _told(change: Change, library: Library, phrases: Mapping[str, str]) -> str:
    name = short_name(library.exercises[change.exercise])
    if not change.instead:
        return phrases["dropped_say"].format(name=name)
    other = library.exercises[change.instead]
    said = phrases["changed_say"].format(name=name, other=short_name(other))
    easier = phrases["easier_say"].format(easier=other.easier) if change.eased else ""
    return f"{said} {easier}".strip()


def estimating(model: str, masks: bool, calm_s: float = 0.0) -> PoseModel:
    """The pose model in use. `calm_s`: seconds between doubts about a skeleton that was right, 0
    for the model's own pace."""
    # Imported late, in the thread that uses it: it takes most of a second.
    from posecheck.io.vision.estimator import Estimator

    estimator = Estimator(model, masks=masks, calm_s=calm_s)
    return PoseModel(estimator, estimator.close)


@lru_cache(maxsize=64)
def instruction(exercise: str, side: Side | None) -> QImage | None:
    """The instruction picture of an exercise that is done on a side, as a camera would see it, not
    a mirror. None when it has none."""
    image = read_picture(picture_of(exercise))
    if image.isNull():
        return None
    shown = working_sides().get(exercise)
    other = side is not None and shown is not None and side != shown
    return image.transformed(QTransform.fromScale(-1, 1)) if other else image
