"""The page for a doctor: which exercises to ask about, and the ways to take it along.

posecheck does not print itself: the library for printers looks for them in the network. It opens
the page in the desktop's own program for PDF, from which the user prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QStandardPaths, QTemporaryDir, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from posecheck.coach.doctor_sheet import DoctorSheet, doctor_sheet
from posecheck.io.output import OutputError, replacing
from posecheck.io.report.doctor import PICTURE_WIDTH, doctor_body, doctor_page
from posecheck.io.routines.load import Library
from posecheck.session.safety import GENTLE
from posecheck.ui.report_pdf import print_pdf
from posecheck.ui.widgets.choices import Toggles
from posecheck.ui.widgets.controls import announce, button, column, label
from posecheck.ui.widgets.flow import Flow
from posecheck.ui.widgets.pictures import picture_of, read_picture

NAME = "posecheck-for-your-doctor.pdf"

Told = Callable[[], tuple[Iterable[str], Iterable[str]]]
"""Gives the texts of the screening questions with a yes, and the user's contraindications, now."""


class DoctorChoice(QWidget):
    """The routines to choose from, and the buttons to save and to print.

    told      the user's answers, asked when the page is written
    ask_path  asks the user where to save the page; None when the user cancels
    show      opens a file in the desktop's program for it; False when there is none

    written  the page was written to this path
    """

    written = Signal(object)

    def __init__(
        self,
        phrases: Mapping[str, str],
        library: Library,
        told: Told,
        ask_path: Callable[[], Path | None] | None = None,
        show: Callable[[Path], bool] | None = None,
    ) -> None:
        super().__init__()
        self._phrases, self._library, self._told = phrases, library, told
        self._ask_path, self._show = ask_path or self._dialog, show or _open
        self._folder: QTemporaryDir | None = None
        about = phrases["ui_doctor_which"]
        routines = sorted(library.routines.values(), key=lambda each: -each.seconds)
        usual = [each.id for each in routines[:1]] + [GENTLE] * (GENTLE in library.routines)
        self.routines = Toggles({each.id: each.name for each in routines}, about, usual)
        self.count = label("", "muted")
        self.save = button(phrases["ui_doctor_save"], self._save, about=phrases["ui_doctor_title"])
        self.print = button(
            phrases["ui_doctor_print"], self._print, about=phrases["ui_doctor_title"]
        )
        self.says = label("", "")
        self.says.hide()
        buttons = Flow(12)
        buttons.put(self.save)
        buttons.put(self.print)
        self.setLayout(column(label(about), self.routines, self.count, buttons, self.says, gap=12))
        self.routines.changed.connect(self._count)
        self._count()

    @property
    def sheet(self) -> DoctorSheet:
        """The page as chosen now."""
        chosen = [self._library.routines[name] for name in self.routines.chosen]
        questions, tags = self._told()
        return doctor_sheet(
            date.today(), chosen, self._library.exercises, questions, tuple(tags), self._phrases
        )

    def write(self, path: Path) -> None:
        """Write the page, as HTML where the path ends in .html or .htm, else as PDF. Raises
        OutputError."""
        sheet, words = self.sheet, self._phrases
        if path.suffix.lower() in (".html", ".htm"):
            with replacing(path) as part:
                part.write_text(doctor_page(sheet, words, _picture), encoding="utf-8")
        else:
            print_pdf(lambda *_: doctor_body(sheet, words, _picture), words["doc_title"], path)
        self.written.emit(path)

    def _count(self) -> None:
        """Show how many exercises the page has; without one it cannot be written."""
        count = len(self.sheet.rows)
        self.count.setText(self._phrases["ui_doctor_count"].format(count=count))
        for each in (self.save, self.print):
            each.setEnabled(bool(count))

    def _save(self) -> None:
        path = self._ask_path()
        if path is None:
            return
        path = path if path.suffix else path.with_suffix(".pdf")
        if self._written(path):
            self._say(self._phrases["sum_saved"].format(path=path))

    def _print(self) -> None:
        self._folder = QTemporaryDir()  # deleted together with this widget
        path = Path(self._folder.path()) / NAME
        if self._written(path):
            opened = self._show(path)
            self._say(self._phrases["ui_doctor_opened" if opened else "ui_doctor_no_viewer"])

    def _written(self, path: Path) -> bool:
        try:
            self.write(path)
        except OutputError as error:
            self._say(str(error))
            return False
        return True

    def _say(self, text: str) -> None:
        self.says.setText(text)
        self.says.show()
        announce(self, text)

    def _dialog(self) -> Path | None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        kinds = f"PDF (*.pdf);;{self._phrases['ui_doctor_html']} (*.html)"
        title = self._phrases["ui_doctor_save"]
        name, _ = QFileDialog.getSaveFileName(self, title, str(Path(folder) / NAME), kinds)
        return Path(name) if name else None


def _open(path: Path) -> bool:
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


@lru_cache(maxsize=128)
def _picture(exercise: str) -> str:
    """The picture of an exercise as an address that holds it, "" for none. It has twice the pixels
    of its place, so that it is sharp on paper."""
    image = read_picture(picture_of(exercise), 2 * PICTURE_WIDTH)
    if image.isNull():
        return ""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 80)  # type: ignore[call-overload]
    return f"data:image/jpeg;base64,{bytes(buffer.data().toBase64().data()).decode()}"
