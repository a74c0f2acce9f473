"""What is remembered of the user's sessions, where it is, and the button that deletes it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from PySide6.QtWidgets import QWidget

from posecheck.coach.error_phrases import told
from posecheck.io.output import OutputError
from posecheck.io.store.history import HistoryStore, history_path
from posecheck.ui.settings.forget import ForgetChoice
from posecheck.ui.widgets.controls import announce, column, label


class KeptChoice(QWidget):
    """Names everything that the history keeps, and its file.

    outcome  the label that says what came of a deletion
    """

    def __init__(self, phrases: Mapping[str, str]) -> None:
        super().__init__()
        self._phrases = phrases
        self._done = phrases["ui_kept_forgotten"]
        self.place = label(phrases["ui_kept_place"].format(path=history_path()), "muted")
        self.forget = ForgetChoice(phrases, "ui_kept_forget")
        self.forget.wanted.connect(self._delete)
        self.outcome = label("", "muted")
        self.outcome.hide()
        about = label(phrases["ui_kept_about"])
        self.setLayout(column(about, self.place, self.forget, self.outcome, gap=10))

    def _delete(self) -> None:
        try:
            with closing(HistoryStore()) as store:
                store.delete_all()
        except OutputError as error:
            text = told(self._phrases, str(error))
        else:
            text = self._done
        self.outcome.setText(text)
        self.outcome.show()
        announce(self, text)
