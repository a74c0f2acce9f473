"""The page of a routine: what is in it, what was changed for the user, and what they change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from posecheck.coach.dose_words import change_words, reason_words
from posecheck.exercise import Exercise, RoutineStep
from posecheck.pose import Side
from posecheck.session.draft import RoutineDraft
from posecheck.session.plan import plan
from posecheck.ui.home.session_entry import PlannedChoice
from posecheck.ui.home.step_row import StepRow
from posecheck.ui.widgets.choices import Choice
from posecheck.ui.widgets.controls import (
    Page,
    announce,
    button,
    card,
    column,
    label,
    row,
)
from posecheck.ui.widgets.field import field, line
from posecheck.ui.widgets.flow import Flow

WHOLE = 0
"""The value of the choice of a length for the whole routine."""


class RoutinePage(Page):
    """A routine before its start.

    draft       what the page changes
    own         id of the user's own routine whose page it is, "" for others
    start_side  the side that goes first

    chosen        the `PlannedChoice` to begin
    add_wanted    the user wants to add exercises
    save_wanted   the name to save the routine under
    export_wanted, remove_wanted  of the user's own routine
    """

    chosen = Signal(object)
    add_wanted = Signal()
    save_wanted = Signal(str)
    export_wanted = Signal()
    remove_wanted = Signal()

    def __init__(
        self,
        phrases: Mapping[str, str],
        exercises: Mapping[str, Exercise],
        draft: RoutineDraft,
        *,
        own: str = "",
        start_side: Side = "left",
    ) -> None:
        name = draft.written.name or phrases["ui_routine_new"]
        super().__init__(name)
        self._phrases, self._exercises = phrases, exercises
        self.draft, self.own, self._side = draft, own, start_side
        self.rows: dict[int, StepRow] = {}
        self.title = label(name, "title")
        self._about = label(draft.written.about, "lead")
        self.summary = label("")
        self.note = label("", "care")
        self._note_card = card(column(self.note), "notice")
        self._note_card.hide()
        self.lengths: Choice | None = None
        self._lengths_field: QWidget | None = None
        self._lengths = QVBoxLayout()
        self._steps = QVBoxLayout()
        self._steps.setSpacing(12)
        self.changes = label("\n".join(self._change_lines()))
        self._changed_card = card(
            column(label(phrases["ui_routine_changes"], "heading"), self.changes, gap=6)
        )
        self._empty = label(phrases["ui_routine_empty"], "muted")
        self._build()
        self.renew()

    def _build(self) -> None:
        words = self._phrases
        self.start = button(words["ui_routine_start"], self._start, "main")
        self.save = button(words["ui_routine_save"], self._ask_name)
        self.kneeling = button("", self._leave_kneeling)
        self.add = button(words["ui_routine_add"], self.add_wanted.emit)
        self.export = button(words["ui_routine_export"], self.export_wanted.emit)
        self.remove = button(words["ui_routine_delete"], self._remove)
        more = Flow(10)
        for each in (self.add, self.kneeling, self.export, self.remove):
            more.put(each)
        self.name = line(words["ui_routine_name"])
        self.name.setMaxLength(60)
        self.name.returnPressed.connect(self._save)
        self.keep = button(words["ui_routine_keep"], self._save)
        cancel = button(words["ui_routine_cancel"], lambda: self._naming.hide(), "quiet")
        self._naming = card(
            column(field(words["ui_routine_name"], self.name), row(self.keep, cancel, 0), gap=10)
        )
        self._naming.hide()
        parts = column(
            self.title,
            self._about,
            self.summary,
            self._note_card,
            self._naming,
            self._lengths,
            self._changed_card,
            more,
            self._empty,
            self._steps,
            0,
            gap=14,
        )
        self.put(parts)
        self.foot(button(words["ui_back"], self.left.emit), 0, self.save, self.start)
        # Not earlier: a part that is shown before it has its place is a window of its own.
        self._about.setVisible(bool(self.draft.written.about))
        self._changed_card.setVisible(bool(self.draft.changes))
        for each in (self.export, self.remove):
            each.setVisible(bool(self.own))

    # --- what is shown --------------------------------------------------------------------------

    def renew(self) -> None:
        """Show the draft as it is now."""
        words, steps = self._phrases, self.draft.steps
        routine = self.draft.routine
        minutes = words["ui_minutes"].format(count=max(1, round(routine.seconds / 60)))
        count = words["ui_routine_count"].format(count=len(routine.steps))
        self.summary.setText(f"{minutes}, {count}" if routine.steps else "")
        self.summary.setVisible(bool(routine.steps))
        self._empty.setVisible(not steps)
        self.start.setEnabled(bool(routine.steps))
        self.save.setEnabled(bool(self.draft.whole.steps))
        kneeling = len(self.draft.kneeling)
        self.kneeling.setText(words["ui_routine_kneeling"].format(count=kneeling))
        self.kneeling.setAccessibleName(self.kneeling.text())
        self.kneeling.setVisible(bool(kneeling))
        self._offer_lengths()
        self._show_steps()
        # On the chosen length Return starts, and an arrow key is enough for another one.
        shorter = self.lengths.current if self.lengths and self.draft.lengths else self.start
        self.first = shorter if routine.steps else self.add

    def _offer_lengths(self) -> None:
        """Offer the lengths that are possible now, beside the whole routine."""
        words, draft = self._phrases, self.draft
        whole = max(1, round(draft.whole.seconds / 60))
        options = {WHOLE: words["ui_routine_whole"].format(count=whole)}
        options |= {each: words["ui_routine_minutes"].format(count=each) for each in draft.lengths}
        if self.lengths is not None and self._lengths_field is not None:
            shown = {b.text() for b in self.lengths.buttons}
            chosen = self.lengths.chosen
            if shown == set(options.values()) and chosen == (draft.minutes or WHOLE):
                return
            self._lengths.removeWidget(self._lengths_field)
            self._lengths_field.hide()
            self._lengths_field.deleteLater()
        about = words["ui_routine_length"]
        self.lengths = Choice(options, about, draft.minutes or WHOLE)
        self.lengths.changed.connect(self._choose_length)
        self._lengths_field = field(about, self.lengths)
        self._lengths.addWidget(self._lengths_field)
        self._lengths_field.setVisible(len(options) > 1)

    def _show_steps(self) -> None:
        steps = self.draft.steps
        for place, shown in enumerate(steps):
            made = self.rows.get(shown.key)
            if made is None:
                made = self.rows[shown.key] = self._row(shown.key, StepRow(self._phrases, shown))
            made.show_step(shown, first=place == 0, last=place == len(steps) - 1)
            if self._steps.indexOf(made) != place:
                self._steps.removeWidget(made)
                self._steps.insertWidget(place, made)
        self._order_tabs()

    def _row(self, key: int, made: StepRow) -> StepRow:
        made.left_out.connect(lambda out: self._leave_out(key, out))
        made.moved.connect(lambda by: self._move(key, by))
        made.changed.connect(lambda step: self._change(key, step))
        return made

    def _order_tabs(self) -> None:
        """Let the Tab key follow the steps in their present order."""
        chain: list[QWidget] = [self.add, self.kneeling, self.export, self.remove]
        for shown in self.draft.steps:
            chain += self.rows[shown.key].buttons
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _change_lines(self) -> Iterable[str]:
        for change in self.draft.changes:
            said = change_words(change, self._exercises, self._phrases)
            yield f"{said} {reason_words(change, self._phrases)}"

    def say(self, text: str) -> None:
        """Show a sentence at the top, and let a screen reader announce it."""
        self.note.setText(text)
        self._note_card.show()
        self.reveal(self._note_card)
        announce(self, text)

    # --- what the user does ---------------------------------------------------------------------

    def added(self, exercise: str) -> None:
        """An exercise was chosen in the library."""
        self.draft.add(exercise)
        self.renew()

    def saved(self, own: str, name: str) -> None:
        """The routine was saved under this id and name."""
        self.own = own
        self.draft.written = replace(self.draft.written, id=own, name=name)
        self.draft.edited = False
        self.title.setText(name)
        self.setAccessibleName(name)
        self._naming.hide()
        for each in (self.export, self.remove):
            each.setVisible(True)
        self.save.setFocus(Qt.FocusReason.OtherFocusReason)
        self.say(self._phrases["ui_routine_saved"].format(name=name))

    def _leave_out(self, key: int, out: bool) -> None:
        self.draft.leave_out([key], out)
        self.renew()

    def _change(self, key: int, step: RoutineStep) -> None:
        self.draft.change(key, step)
        self.renew()

    def _move(self, key: int, by: int) -> None:
        if not self.draft.move(key, by):
            return
        self.renew()
        moved = self.rows[key]
        pressed: QPushButton = moved.earlier if by < 0 else moved.later
        other: QPushButton = moved.later if by < 0 else moved.earlier
        (pressed if pressed.isEnabled() else other).setFocus(Qt.FocusReason.OtherFocusReason)
        self.reveal(moved)

    def _choose_length(self, minutes: object) -> None:
        self.draft.minutes = int(str(minutes)) or None
        self.renew()
        announce(self, self.summary.text())

    def _leave_kneeling(self) -> None:
        self.draft.leave_out(self.draft.kneeling)
        self.renew()
        self.start.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, self.summary.text())

    def _ask_name(self) -> None:
        self._naming.show()
        if not self.name.text():
            self.name.setText(self.draft.written.name)
        self.name.selectAll()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reveal(self._naming)

    def _save(self) -> None:
        name = " ".join(self.name.text().split())
        if name:
            self.save_wanted.emit(name)

    def _remove(self) -> None:
        """Ask once more before the routine is deleted."""
        sure = self._phrases["ui_routine_delete_sure"]
        if self.remove.text() == sure:
            self.remove_wanted.emit()
        else:
            self.remove.setText(sure)
            self.remove.setAccessibleName(sure)
            announce(self, sure)

    def _start(self) -> None:
        routine = self.draft.routine
        if not routine.steps:
            return
        done = {step.exercise for step in routine.steps}
        changes = [each for each in self.draft.changes if not each.instead or each.instead in done]
        self.chosen.emit(
            PlannedChoice(
                routine.name or self._phrases["ui_routine_new"],
                plan(routine, self._exercises, self._side),
                routine=routine.id,
                remarks=tuple(change_words(c, self._exercises, self._phrases) for c in changes),
            )
        )
