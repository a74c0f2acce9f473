"""The set-up of the desk in its window: when it opens, and what happens with its result.

event                              page     worker
---------------------------------  -------  ----------------------------------------------
a camera without calibration       opens    has added the reason "setup"
the user asks for it               opens    "setup" is added
the user begins                    stays    set-up runs, "setup" is removed
the page closes, with calibration  closes   set-up ends, "setup" is removed
the page closes, without           closes   set-up ends, "setup" is added
the user deletes their data        opens    has added "setup"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from posecheck.desk.calibration import Calibration
from posecheck.io.diagnosis.crash import forget_diagnosis
from posecheck.io.output import OutputError
from posecheck.io.store.desk_profile import Found, forget_profiles, save_profile
from posecheck.io.store.desk_store import DeskStore
from posecheck.ui.desk.setup_page import SetupPage
from posecheck.ui.desk.update import DeskUpdate
from posecheck.ui.desk.worker import DeskWorker


class SetupFlow(QObject):
    """Connects the set-up page with the worker and stores the calibration.

    speak  says a text aloud; False when that is not possible

    opened   the page to show
    begun    the set-up was opened: the user's pause is over
    left     the page is done or was left
    unsaved  the calibration applies but could not be saved: a sentence

    page         the page while it exists
    calibration  the newest one of the current camera
    """

    opened = Signal(object)
    begun = Signal()
    left = Signal()
    unsaved = Signal(str)

    def __init__(
        self, phrases: Mapping[str, str], worker: DeskWorker, speak: Callable[[str], bool]
    ) -> None:
        super().__init__()
        self._phrases, self._worker, self._speak = phrases, worker, speak
        self.page: SetupPage | None = None
        self.calibration: Calibration | None = None

    def open(self) -> None:
        """Show the page, a new one if there is none. The camera opens when the user begins."""
        if self.page is not None:
            self.opened.emit(self.page)
            return
        page = SetupPage(self._phrases, self._speak)
        page.began.connect(self._begin)
        page.skip_wanted.connect(self._worker.skip_part)
        page.finished.connect(self.left)
        page.left.connect(self.left)
        self._worker.pause("setup")
        self.begun.emit()
        self.page = page
        self.opened.emit(page)

    def explain_lack(self, found: Found) -> None:
        """Say on the page why the stored calibration cannot be used."""
        expired = self._phrases["ui_desk_setup_expired"] if found.lack == "expired" else ""
        self.explain(expired or found.remark)

    def explain(self, sentence: str) -> None:
        """Say on the page why it is shown; "" for no reason."""
        if self.page is not None:
            self.page.explain(sentence)

    def show(self, update: DeskUpdate) -> None:
        """Show the progress of a set-up that runs, and save its result."""
        view = update.setup
        if self.page is None or view is None:
            return
        image = update.frame.image if update.frame is not None else None
        said = update.said[-1] if update.said else ""
        self.page.show_view(replace(view, said=said), image, update.pose)
        if view.calibration is not None:
            self._save(view.calibration)

    def close(self) -> None:
        """The page was closed."""
        self.page = None
        self._worker.show(False)
        self._worker.leave_setup()
        if self.calibration is not None:
            self._worker.resume("setup")
        else:  # nothing can be judged, so the camera stays off
            self._worker.pause("setup")

    def _begin(self) -> None:
        self._worker.set_up()
        self._worker.show(True)
        self._worker.resume("setup")

    def _save(self, calibration: Calibration) -> None:
        camera = self._worker.camera
        if camera is None:
            return
        try:
            save_profile(*camera, calibration)
        except OutputError as error:
            self.unsaved.emit(str(error))


def delete_stored_data(store: DeskStore) -> None:
    """Delete all days, calibrations, logs and crash files on the disk. Raises OutputError.

    store  the open store; a file that it could not open is deleted too
    """
    store.forget_all()
    forget_profiles()
    forget_diagnosis()
