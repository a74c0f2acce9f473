"""Today: what is due and why, what was interrupted, how it is after a pain, the week."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from posecheck.coach.error_phrases import told
from posecheck.coach.wording import short_name
from posecheck.exercise import Lesson
from posecheck.history.ladder import Chosen
from posecheck.history.plan_values import PlanChoice, PlanItem, Reason
from posecheck.history.records import SessionRecord
from posecheck.io.report.charts import week_chart
from posecheck.io.report.words import day_words
from posecheck.ui.memory.chart_view import ChartView
from posecheck.ui.memory.due_card import item_name, item_words
from posecheck.ui.memory.model import Memory, Today
from posecheck.ui.widgets.controls import (
    Page,
    announce,
    button,
    card,
    column,
    fill_card,
    label,
    row,
)

HOW = {"walking": "ui_walking_how", "breathing": "ui_breathing_how"}


class TodayPage(Page):
    """The page. It reads the history again after each answer.

    items  the cards of what is due, by track

    chosen           a `PlannedChoice` to begin
    progress_wanted  the user wants to see the progress
    lessons_wanted   the user wants to see all lessons
    help_wanted      the user wants to read when to get medical help
    """

    chosen = Signal(object)
    progress_wanted = Signal()
    lessons_wanted = Signal()
    help_wanted = Signal()

    def __init__(self, phrases: Mapping[str, str], memory: Memory) -> None:
        super().__init__(phrases["ui_today_title"])
        self._phrases, self._memory = phrases, memory
        self.items: dict[str, PlanCard] = {}
        self.notice = label("", "care")
        self.notice.hide()
        self._body = QWidget()
        self._frame = QVBoxLayout()
        self._frame.addWidget(self._body)
        title, lead = label(phrases["ui_today_title"], "title"), label(phrases["ui_today_lead"])
        lead.setProperty("role", "lead")
        self.help = button(phrases["ui_help_title"], self.help_wanted.emit, "quiet")
        self.put(column(title, lead, 4, self.notice, self._frame, row(self.help, 0), 0))
        self.back = button(phrases["ui_back"], self.left.emit)
        self.progress = button(phrases["ui_today_progress"], self.progress_wanted.emit)
        self.lessons = button(phrases["ui_lessons_open"], self.lessons_wanted.emit, "quiet")
        self.foot(self.back, 0, self.lessons, self.progress)
        self.renew()

    def renew(self) -> None:
        """Read the history and show it."""
        state = self._memory.today()
        body = QWidget()
        body.setLayout(column(*self._parts(state), gap=14))
        self._frame.replaceWidget(self._body, body)
        self._body.deleteLater()
        self._body = body
        first = next((each.begin for each in self.items.values()), None)
        self.first = first or self.back
        self._say(state.problem)

    def _parts(self, state: Today) -> list[QWidget]:
        words = self._phrases
        parts: list[QWidget] = []
        if state.hurt is not None:
            parts.append(self._question(state.hurt))
        for tag in state.plan.ask:
            parts.append(label(words[f"plan_ask_{tag}"], "care"))
        if state.interrupted is not None:
            parts += self._continue(state.interrupted)
        due = state.plan.of(state.day)
        self.items = {item.track: self._card(item) for item in due}
        parts += self.items.values()
        if not due:
            parts.append(label(words["ui_today_none"]))
        parts += [label(self._reason(note), "muted") for note in state.plan.notes]
        own = sorted(state.hurt_exercises & state.plan.rests)
        if own:
            names = ", ".join(self._name(each) for each in own)
            parts.append(label(words["ui_today_rests"].format(names=names), "muted"))
        if state.last is not None:
            parts.append(label(self._last(state.last), "muted"))
        return [*parts, label(words["ui_today_week"], "heading"), self._week(state)]

    def _week(self, state: Today) -> ChartView:
        planned = {item.day for item in state.plan.items}
        about = self._phrases["ui_today_week_about"].format(done=len(state.done))
        done = dict(state.done)
        return ChartView(
            week_chart(self._phrases, state.plan.monday, done, planned, state.day, about),
            [about],
            self._memory.settings.value.text_scale,
        )

    def _last(self, record: SessionRecord) -> str:
        key = "ui_today_last_pain" if record.pain_stop else "ui_today_last"
        return self._phrases[key].format(
            day=day_words(self._phrases, record.day),
            name=record.name,
            minutes=round(record.correct_s / 60),
        )

    def _name(self, exercise: str) -> str:
        known = self._memory.library.exercises.get(exercise)
        return short_name(known) if known else exercise

    def _reason(self, reason: Reason) -> str:
        values = dict(reason.values)
        if "exercise" in values:
            values["exercise"] = self._name(values["exercise"])
        return self._phrases[f"plan_why_{reason.key}"].format(**values)

    # --- questions ------------------------------------------------------------------------------

    def _question(self, record: SessionRecord) -> QFrame:
        words = self._phrases
        names = [self._name(s.exercise) for s in record.sets if s.outcome == "pain"]
        asks = label(words["ui_today_hurt"].format(name=", ".join(names) or record.name), "care")
        answers = row(gap=10)
        for better, key in ((1, "better"), (0, "same"), (-1, "worse")):
            tell = self._telling(record, better)
            answers.addWidget(button(words[f"ui_today_hurt_{key}"], tell, about=asks.text()))
        answers.addStretch(1)
        return card(column(asks, answers), "notice")

    def _telling(self, record: SessionRecord, better: int) -> Callable[[], None]:
        def tell() -> None:
            problem = self._memory.tell(record, better)
            self.renew()
            self._say(problem or self._phrases["ui_today_hurt_thanks"])

        return tell

    def _continue(self, record: SessionRecord) -> list[QWidget]:
        rest = self._memory.rest_of(record)
        if rest is None:
            return []
        words = self._phrases
        text = label(words["ui_today_continue"].format(name=record.name))
        go = button(words["ui_today_continue_yes"], lambda: self.chosen.emit(rest), "main")
        return [card(column(text, row(go, 0)))]

    # --- what is due ----------------------------------------------------------------------------

    def _card(self, item: PlanItem) -> PlanCard:
        lesson = self._memory.library.lessons.get(item.lesson)
        why = [self._reason(each) for each in item.why]
        made = PlanCard(self._phrases, item, why, lesson)
        made.begin.clicked.connect(lambda: self._begin(item))
        made.skip.clicked.connect(lambda: self._choose(PlanChoice(item.day, item.track, "skip")))
        to = item.day + timedelta(days=1)
        move = PlanChoice(item.day, item.track, "move", to)
        made.move_on.clicked.connect(lambda: self._choose(move))
        for by, step in ((-1, made.less), (1, made.more)):
            chosen = self._memory.changed_rung(item, by)
            step.setVisible(chosen is not None)
            if chosen is not None:
                step.clicked.connect(lambda _=False, chosen=chosen: self._choose(chosen))
        return made

    def _begin(self, item: PlanItem) -> None:
        planned = self._memory.planned(item)
        if planned is not None:
            self.chosen.emit(planned)
            return
        problem = self._memory.mark_done(item, item_name(item, self._phrases))
        self.renew()
        self._say(problem or self._phrases["ui_today_was_done"])

    def _choose(self, choice: PlanChoice | Chosen) -> None:
        problem = self._memory.choose(choice)
        self.renew()
        if problem:
            self._say(problem)

    def _say(self, text: str) -> None:
        text = told(self._phrases, text)
        self.notice.setText(text)
        self.notice.setVisible(bool(text))
        if text:
            announce(self, text)


class PlanCard(QFrame):
    """One item of the plan: what, why, and the ways to do, skip, move or change it."""

    def __init__(
        self,
        phrases: Mapping[str, str],
        item: PlanItem,
        why: list[str],
        lesson: Lesson | None = None,
    ) -> None:
        super().__init__()
        self.item = item
        name = item_words(item, phrases)
        texts = [label(name, "heading"), label(" ".join(why), "muted")]
        if lesson is not None:
            texts.append(label(lesson.name, "heading"))
            texts += [label(text) for text in lesson.text]
        elif item.track in HOW:
            texts.append(label(phrases[HOW[item.track]]))
        begins = "ui_today_start" if item.routine else "ui_today_done"
        self.begin = button(phrases[begins], _nothing, "main", name)
        self.skip = button(phrases["ui_today_skip"], _nothing, "quiet", name)
        self.move_on = button(phrases["ui_today_move"], _nothing, "quiet", name)
        self.less = button(phrases["ui_today_less"], _nothing, "quiet", name)
        self.more = button(phrases["ui_today_more"], _nothing, "quiet", name)
        buttons = row(self.begin, self.move_on, self.skip, self.less, self.more, 0)
        if item.done:
            for each in (self.begin, self.skip, self.move_on, self.less, self.more):
                each.setEnabled(False)
            texts.append(label(phrases["ui_today_was_done"], "muted"))
        fill_card(self, column(*texts, buttons, gap=8))


def _nothing() -> None:
    """A button whose signal is connected later."""
