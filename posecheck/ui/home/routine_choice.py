"""The pages of routines behind home, and which follows which.

    from                   signal                        to
    ---------------------  ----------------------------  ---------------------------------
    all routines           a routine, build, a file      the page of the routine
    exercises              a routine of what was found   the page of the routine
    page of a routine      add exercises                 the library, to add from
    library                back                          page of the routine
    page of a routine      back                          where it was opened from
    page of a routine      start                         a session

It reads and writes the user's own routines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QStackedWidget

from posecheck.exercise import Routine
from posecheck.io.errors import UserError
from posecheck.io.routines.load import Library
from posecheck.io.routines.own import ENDING, OwnRoutines, export_routine, read_routine
from posecheck.io.store.settings import Settings
from posecheck.session.draft import RoutineDraft, composed
from posecheck.session.shortening import MOST_ROUNDS
from posecheck.ui.home.exercise_page import ExercisePage
from posecheck.ui.home.routine_page import RoutinePage
from posecheck.ui.home.routines_page import RoutinesPage
from posecheck.ui.widgets.controls import Page


class RoutineChoice(QObject):
    """Makes the pages of routines, in the stack of home.

    exercises  the library's page, from which a routine can be made
    page       all routines
    routine    the page of one routine, None while none was opened
    problems   a sentence for each mistake in the user's own routines
    ask_file   asks for a file: whether it is to be written, and a name for it; None for none

    shown   a page to show
    left    back to the choices
    chosen  the `PlannedChoice` to begin
    """

    shown = Signal(object)
    left = Signal()
    chosen = Signal(object)

    def __init__(
        self,
        phrases: Mapping[str, str],
        library: Library,
        own: OwnRoutines,
        exercises: ExercisePage,
        stack: QStackedWidget,
    ) -> None:
        super().__init__()
        self._phrases, self._library, self._own = phrases, library, own
        self._exercises, self._stack = exercises, stack
        self._settings = Settings()
        self._mine: Mapping[str, Routine] = {}
        self.problems: tuple[str, ...] = ()
        self.page = RoutinesPage(phrases, library, self._settings)
        self.routine: RoutinePage | None = None
        self.adder: ExercisePage | None = None
        self.ask_file: Callable[[bool, str], Path | None] = self._dialog
        exercises.routine_wanted.connect(self.open_found)

    def renew(self, settings: Settings) -> None:
        """Read the routines again, for a user with these settings. Open pages are closed."""
        self._settings = settings
        self._mine, self.problems = self._own.load()
        self._renew_list()
        self._close(self.routine)
        self._close(self.adder)
        self.routine = self.adder = None

    def _close(self, page: Page | None) -> None:
        if page is not None:
            self._stack.removeWidget(page)
            page.deleteLater()

    # --- opening --------------------------------------------------------------------------------

    def open(self, name: str) -> None:
        """Open the page of a routine."""
        own = self._mine.get(name)
        self._show(own or self._library.routines[name], own=name if own else "")

    def build(self) -> None:
        """Open the page of a new routine."""
        self._show(Routine("", "", "", 0, ()))

    def open_found(self, name: str, exercises: Sequence[str]) -> None:
        """Open a routine of exercises that were found in the library."""
        chosen = [self._library.exercises[each] for each in exercises]
        about = self._phrases["ui_routine_own_about"]
        self._show(composed(name, about, chosen), back=self._exercises, most_rounds=MOST_ROUNDS)

    def open_file(self, path: Path) -> None:
        """Open the page of a routine of a file. Raises RoutineError."""
        routine = read_routine(path, self._library.exercises)
        same = next((each for each in self._mine.values() if each == routine), None)
        if same is None:
            # An id of another routine would mix the two in the history.
            routine = replace(routine, id="")
        page = self._show(routine, own=same.id if same else "")
        if same is None:
            page.say(self._phrases["ui_routine_opened"].format(path=path))

    def _open_chosen_file(self) -> None:
        path = self.ask_file(False, "")
        if path is not None:
            try:
                self.open_file(path)
            except UserError as error:
                self.page.say(str(error))

    def _show(
        self, routine: Routine, *, own: str = "", back: Page | None = None, most_rounds: int = 1
    ) -> RoutinePage:
        now, exercises = self._settings, self._library.exercises
        draft = RoutineDraft(routine, exercises, now.tags, now.level, most_rounds)
        page = RoutinePage(self._phrases, exercises, draft, own=own, start_side=now.start_side)
        page.left.connect(lambda: self.shown.emit(self.page if back is None else back))
        page.chosen.connect(self.chosen)
        page.add_wanted.connect(self._add)
        page.save_wanted.connect(self._save)
        page.export_wanted.connect(self._export)
        page.remove_wanted.connect(self._remove)
        self._stack.addWidget(page)
        old, self.routine = self.routine, page
        self.shown.emit(page)
        self._close(old)
        return page

    # --- what a page asks for -------------------------------------------------------------------

    def _add(self) -> None:
        """Show the library, to add exercises from it."""
        if self.adder is None:
            adder = self.adder = self._exercises.for_adding()
            adder.chosen.connect(self._added)
            adder.left.connect(lambda: self.shown.emit(self.routine))
            self._stack.addWidget(adder)
        self.shown.emit(self.adder)

    def _added(self, exercise: str) -> None:
        page, adder = self.routine, self.adder
        if page is None or adder is None:
            return
        page.added(exercise)
        name, count = self._library.exercises[exercise].name, len(page.draft.whole.steps)
        adder.say(self._phrases["ui_library_added"].format(name=name, count=count))

    def _save(self, name: str) -> None:
        """Keep the routine under a name: the own routine of the page under its own name, or a new
        one."""
        page = self.routine
        if page is None:
            return
        mine = {each.name.casefold(): each.id for each in self._mine.values()}
        shipped = {each.name.casefold() for each in self._library.routines.values()}
        there = mine.get(name.casefold())
        if name.casefold() in shipped or (there is not None and there != page.own):
            page.say(self._phrases["ui_routine_taken"].format(name=name))
            return
        made = replace(page.draft.whole, name=name)
        if not page.own:
            made = replace(made, about=self._phrases["ui_routine_own_about"])
        try:
            saved = self._own.save(made, replaced=there or "")
        except UserError as error:
            page.say(str(error))
            return
        self._mine, _ = self._own.load()
        self._renew_list()
        page.saved(saved.id, saved.name)

    def _export(self) -> None:
        page = self.routine
        if page is None:
            return
        path = self.ask_file(True, f"{page.draft.written.name}{ENDING}")
        if path is None:
            return
        try:
            written = export_routine(page.draft.whole, path)
        except UserError as error:
            page.say(str(error))
        else:
            page.say(self._phrases["ui_routine_exported"].format(path=written))

    def _remove(self) -> None:
        page = self.routine
        if page is None:
            return
        try:
            self._own.remove(page.own)
        except UserError as error:
            page.say(str(error))
            return
        name = page.draft.written.name
        self._mine, _ = self._own.load()
        self._renew_list()
        self.shown.emit(self.page)
        self.page.say(self._phrases["ui_routine_deleted"].format(name=name))

    def _renew_list(self) -> None:
        """Show the list of routines with the user's own of now."""
        old = self.page
        self.page = RoutinesPage(self._phrases, self._library, self._settings, self._mine)
        self._stack.addWidget(self.page)
        self.page.left.connect(self.left)
        self.page.chosen.connect(self.open)
        self.page.build_wanted.connect(self.build)
        self.page.file_wanted.connect(self._open_chosen_file)
        self._close(old)

    def _dialog(self, saving: bool, name: str) -> Path | None:
        title = self._phrases["ui_routine_export" if saving else "ui_routine_open"]
        kinds = f"{self._phrases['ui_routine_file']} (*{ENDING} *.toml)"
        ask = QFileDialog.getSaveFileName if saving else QFileDialog.getOpenFileName
        found, _ = ask(self._stack, title, name, kinds)
        return Path(found) if found else None
