"""From the user's choice and settings to what a session page needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from posecheck.coach.dose_words import change_words
from posecheck.coach.speech_queue import Talk
from posecheck.coach.wording import short_name
from posecheck.exercise import Exercise, Routine
from posecheck.io.requirements import SystemProblem
from posecheck.io.routines.load import Library
from posecheck.io.store.history_writer import KeptSession
from posecheck.io.store.recorder import Recorder
from posecheck.io.store.settings import Settings
from posecheck.io.vision.camera import Source
from posecheck.io.vision.live import open_live
from posecheck.io.vision.no_camera import NO_CAMERA_SPEC, ClockSource, no_model
from posecheck.io.vision.pose_model import open_pose_model
from posecheck.pose import Side
from posecheck.session.plan import PlannedSet, plan
from posecheck.session.safety import levelled, own_step, suited
from posecheck.ui.session.worker import OpenModel

FIRST_CAMERA = "0"


@dataclass(frozen=True, slots=True)
class LaunchOptions:
    """What the command line asked for. Without a routine and an exercise the window opens at home.

    sources     a camera, a stream or files, as `open_live` takes them; () for the camera of the
                settings
    level, talk, side  None for those of the settings
    transcript  file for everything that is said
    windowed    not full screen
    close       close the window when the session is over. A window on a platform without a screen
                always does
    fast        play files faster than real time
    record      file for a recording of the landmarks, None for none
    remember    remember the session in the history although it plays files
    language    code of the language; "" for that of the settings
    planned_sets, name  a session that was planned already, instead of a routine or an exercise
    remarks     sentences about what was changed for the user in a session that was planned already
    watched     False for a session without a camera
    opened      file of a routine whose page the window shows first, None for home
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
    record: Path | None = None
    remember: bool = False
    language: str = ""
    planned_sets: tuple[PlannedSet, ...] = ()
    name: str = ""
    remarks: tuple[str, ...] = ()
    watched: bool = True
    opened: Path | None = None

    @property
    def begins(self) -> bool:
        """Whether a session starts at once."""
        return bool(self.planned_sets or self.routine or self.exercise)

    def among(self, library: Library) -> LaunchOptions:
        """The same, with the routine and the exercise as they are in a library of another
        language."""
        routine, exercise = self.routine, self.exercise
        return replace(
            self,
            routine=library.routines.get(routine.id, routine) if routine else None,
            exercise=library.exercises.get(exercise.id, exercise) if exercise else None,
        )


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """A session to be led.

    name          of the routine or the exercise
    planned_sets  what to do
    level         1 to 3
    opening       sentences to say first
    extra         sentences for the end of the summary: what was changed for this user
    open_source   opens the source of the pictures
    open_model    opens the pose model
    recorder      records the landmarks, None for no recording
    history       remembers the session, None for one that is not remembered
    written       by id, the files' versions of exercises that begin at the user's own range
    watched       False without a camera: the sets run by the clock, and nothing is checked
    """

    name: str
    planned_sets: tuple[PlannedSet, ...]
    level: int
    opening: tuple[str, ...]
    extra: tuple[str, ...]
    open_source: Callable[[], Source]
    open_model: OpenModel
    recorder: Recorder | None = None
    history: KeptSession | None = None
    written: Mapping[str, Exercise] = field(default_factory=dict)
    watched: bool = True

    def by_the_clock(self, paced: bool = True) -> SessionRequest:
        """The same session without a camera. `paced` as in `ClockSource`."""
        history = self.history
        if history is not None:
            history = replace(history, title=replace(history.title, model=""))
        return replace(
            self,
            open_source=lambda: ClockSource(paced),
            open_model=no_model,
            recorder=None,
            history=history,
            watched=False,
        )


class NothingLeft(SystemProblem):
    """Nothing in a routine suits the user."""


def session_request(
    options: LaunchOptions,
    settings: Settings,
    library: Library,
    phrases: Mapping[str, str],
    open_source: Callable[[], Source] | None,
) -> SessionRequest:
    """The session that suits a user with these settings. Raises NothingLeft when the answers to the
    safety questions exclude all of it.

    open_source  gives the source to use; None to open the one of the options or the settings
    """
    level = options.level or settings.level
    specs = options.sources or (settings.camera or FIRST_CAMERA,)
    planned_sets = options.planned_sets
    remarks = options.remarks
    routine = options.routine or (_routine_of(options.exercise) if options.exercise else None)
    if routine is not None:
        fitting, changes = suited(routine, library.exercises, settings.tags)
        remarks = tuple(change_words(each, library.exercises, phrases) for each in changes)
        if not fitting.steps:
            raise NothingLeft(phrases["nothing_left_say"])
        fitting = levelled(fitting, library.exercises, level)
        planned_sets = plan(fitting, library.exercises, options.side or settings.start_side)
    name = options.name or (routine.name if routine else short_name(planned_sets[0].exercise))
    request = SessionRequest(
        name=name,
        planned_sets=planned_sets,
        level=level,
        opening=remarks,
        extra=remarks,
        open_source=open_source or (lambda: open_live(specs, paced=not options.fast)),
        open_model=lambda masks: open_pose_model(options.model, masks),
    )
    watched = options.watched and specs != (NO_CAMERA_SPEC,)
    return request if watched else request.by_the_clock(paced=not options.fast)


def _routine_of(exercise: Exercise) -> Routine:
    """A routine of one exercise, with the dose of its file."""
    return Routine(exercise.id, short_name(exercise), "", 0, (own_step(exercise),))
