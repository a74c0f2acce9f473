"""A break with exercises: the session in the desk's window, and the camera it borrows.

event                            page    camera
-------------------------------  ------  ---------------------------------------------------
the user starts a break          opens   the worker closes it ("break"), the session opens it
the session ends                 stays   stays with the session, which may begin once more
the page closes                  closes  the worker opens it again
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from posecheck.desk.break_choice import BreakOffer
from posecheck.exercise import Routine
from posecheck.io.requirements import SystemProblem
from posecheck.io.routines.load import Library
from posecheck.io.vision.camera import Source
from posecheck.io.vision.desk_camera import DeskCamera
from posecheck.session.safety import planned_s
from posecheck.ui.desk.worker import DeskWorker
from posecheck.ui.session.launch import session_page
from posecheck.ui.session.page import SessionPage
from posecheck.ui.session.request import LaunchOptions, session_request
from posecheck.ui.settings.model import SettingsModel

MAX_BREAK_LEVEL = 2
"""At level 3 a break of three minutes would take eight."""
CAMERA_WAIT_S = 3.0
"""Longest wait for the worker to close the camera before a session opens it."""


class BreakFlow(QObject):
    """Makes the session of a break.

    opened         the page to show
    safety_wanted  the safety questions have to be answered first
    refused        no exercise of the break suits the user: a sentence
    completed      the session was done to its end
    left           the user wants to leave the page

    page  the page while it exists
    """

    opened = Signal(object)
    safety_wanted = Signal()
    refused = Signal(str)
    completed = Signal()
    left = Signal()

    def __init__(
        self,
        phrases: Mapping[str, str],
        library: Library,
        settings: SettingsModel,
        worker: DeskWorker,
        camera: DeskCamera,
    ) -> None:
        super().__init__()
        self._phrases, self._library, self._settings = phrases, library, settings
        self._worker, self._camera = worker, camera
        self.page: SessionPage | None = None
        self._told: set[str] = set()

    def start(self, offer: BreakOffer) -> None:
        """Begin this break, or show the one that runs."""
        now = self._settings.value
        if self.page is not None:
            self.opened.emit(self.page)
            return
        if not now.screened:
            self.safety_wanted.emit()
            return
        options = LaunchOptions(
            routine=routine_of(offer, self._library),
            level=min(now.level, MAX_BREAK_LEVEL),
            watched=not self._camera.blank,
        )
        try:
            request = session_request(options, now, self._library, self._phrases, self._open_camera)
        except SystemProblem as problem:
            self.refused.emit(str(problem))
            return
        self._worker.pause("break")
        page = session_page(request, self._phrases, now, told=self._told)
        page.closed.connect(self._end_session)
        page.finished.connect(self.left)
        self.page = page
        self.opened.emit(page)

    def close(self) -> None:
        """The page was closed."""
        self.page = None
        self._worker.resume("break")

    def _open_camera(self) -> Source:
        self._worker.wait_until_free(CAMERA_WAIT_S)
        return self._camera.open_for_session()

    def _end_session(self) -> None:
        """Count the break if the session was done to its end."""
        if self.page is not None and self.page.worker.complete:
            self._worker.took_break()
            self.completed.emit()


def routine_of(offer: BreakOffer, library: Library) -> Routine:
    """The break as a routine: its own steps where the library has them, else the shipped ones."""
    shipped = library.routines[offer.routine]
    steps = tuple(step for step in offer.steps if step.exercise in library.exercises)
    made = replace(shipped, steps=steps or shipped.steps)
    return replace(made, seconds=round(planned_s(made, library.exercises)))
