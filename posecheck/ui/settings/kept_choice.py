"""What is kept of the user, where it is, and the buttons that delete sessions or everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posecheck.coach.error_phrases import told
from posecheck.io.about import own_folders
from posecheck.io.output import OutputError
from posecheck.io.store.forget import forget_everything
from posecheck.io.store.history import HistoryStore, history_path
from posecheck.ui.settings.forget import ForgetChoice
from posecheck.ui.widgets.controls import announce, column, label


class KeptChoice(QWidget):
    """Names everything that is kept, and its places.

    reset  sets the settings back, before everything else is deleted

    emptied  everything was deleted; the sentence that says so
    outcome  the label that says what came of a deletion
    """

    emptied = Signal(str)

    def __init__(self, phrases: Mapping[str, str], reset: Callable[[], object]) -> None:
        super().__init__()
        self._phrases, self._reset = phrases, reset
        self.place = label(phrases["ui_kept_place"].format(path=history_path()), "muted")
        self.forget = ForgetChoice(phrases, "ui_kept_forget")
        self.forget.wanted.connect(self._delete_sessions)
        self.folders = [
            label(f"{phrases[f'ui_folder_{kind}']} {folder}", "muted")
            for kind, folder in own_folders().items()
        ]
        self.forget_all = ForgetChoice(phrases, "ui_all_forget")
        self.forget_all.wanted.connect(self._delete_all)
        self.outcome = label("", "muted")
        self.outcome.hide()
        about = label(phrases["ui_kept_about"])
        everything = column(label(phrases["ui_all_about"]), *self.folders, self.forget_all, gap=10)
        self.setLayout(column(about, self.place, self.forget, 6, everything, self.outcome, gap=10))

    def _delete_sessions(self) -> None:
        def delete() -> None:
            with closing(HistoryStore()) as store:
                store.delete_all()

        self._delete(delete, "ui_kept_forgotten")

    def _delete_all(self) -> None:
        def delete() -> None:
            self._reset()
            forget_everything()

        if self._delete(delete, "ui_all_forgotten"):
            self.emptied.emit(self._phrases["ui_all_forgotten"])

    def _delete(self, delete: Callable[[], None], done: str) -> bool:
        """Delete, and say what came of it. Whether all of it was deleted."""
        problem = ""
        try:
            delete()
        except OutputError as error:
            problem = told(self._phrases, str(error))
        text = problem or self._phrases[done]
        self.outcome.setText(text)
        self.outcome.show()
        announce(self, text)
        return not problem
