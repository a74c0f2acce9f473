"""Today and progress in a window, over a real history."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from led import STRAIGHT
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from remembered import NINE, remember
from sessions import WORDS

from posecheck.commands.demo_history import fill
from posecheck.desk.minutes import Minute
from posecheck.history.account import planned_record
from posecheck.history.records import Feeling, SessionRecord, SetRecord
from posecheck.io.report.charts import weeks_chart
from posecheck.io.routines.load import load_all
from posecheck.io.store.desk_store import DAYS_FILE, DeskStore
from posecheck.io.store.history import HistoryStore
from posecheck.io.store.settings import Settings
from posecheck.io.vision.camera import open_source
from posecheck.ui.home.session_entry import HomeChoice, PlannedChoice
from posecheck.ui.home.window import MainWindow
from posecheck.ui.memory.chart_view import ChartView
from posecheck.ui.memory.due_card import DueCard
from posecheck.ui.memory.model import Memory
from posecheck.ui.memory.progress_page import ProgressPage
from posecheck.ui.memory.today_page import TodayPage
from posecheck.ui.session.after_question import AfterQuestion
from posecheck.ui.settings.model import SettingsModel
from posecheck.ui.settings.services import Services

pytestmark = pytest.mark.gui
LIBRARY = load_all()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite3"


def memory(path: Path, settings: Settings | None = None) -> Memory:
    model = SettingsModel(settings or Settings(screened="clear"), lambda value, _: value)
    return Memory(LIBRARY, model, path, lambda: NINE)


def read(path: Path) -> tuple[SessionRecord, ...]:
    with closing(HistoryStore(path)) as store:
        return store.history().sessions


def today(path: Path, bot: QtBot) -> TodayPage:
    page = TodayPage(WORDS, memory(path))
    bot.addWidget(page)
    return page


def interrupted(path: Path, outcome: str = "left", stopped: str = "left") -> None:
    """A session of the plan that ended in its third set, an hour ago."""
    planned = memory(path).planned(memory(path).today().plan.of(NINE.date())[0])
    assert planned is not None
    sets = tuple(
        SetRecord(n, p.exercise.id, p.side, True, "done" if n < 2 else stopped, 30.0, 20.0)  # type: ignore[arg-type]
        for n, p in enumerate(planned.planned_sets[:3])
    )
    record = SessionRecord(
        "x", NINE - timedelta(hours=1), planned.name, planned.routine, "session", 2, outcome,  # type: ignore[arg-type]
        planned=tuple(planned_record(p) for p in planned.planned_sets), sets=sets,
    )  # fmt: skip
    with closing(HistoryStore(path)) as store:
        store.save(record)


def test_what_is_due_says_why_and_begins_as_planned(path: Path, qtbot: QtBot) -> None:
    """The sets that begin are those of the plan, and belong to its track."""
    page = today(path, qtbot)
    item = page.items["strength"]
    with qtbot.waitSignal(page.chosen) as chosen:
        item.begin.click()
    assert chosen.args is not None
    planned = chosen.args[0]
    assert isinstance(planned, PlannedChoice)
    assert (planned.track, planned.routine) == ("strength", "core_strength")
    due = memory(path).today().plan.of(NINE.date())
    steps = next(i.routine for i in due if i.track == "strength")
    assert steps is not None
    assert {p.exercise.id for p in planned.planned_sets} == {s.exercise for s in steps.steps}


def test_a_walk_is_remembered_and_not_due_again(path: Path, qtbot: QtBot) -> None:
    page = today(path, qtbot)
    page.items["walking"].begin.click()
    (walk,) = read(path)
    assert (walk.track, walk.outcome, walk.seconds) == ("walking", "done", 600.0)
    assert not page.items["walking"].begin.isEnabled()
    assert "lesson" in page.items


def test_what_is_skipped_or_moved_stays_so(path: Path, qtbot: QtBot) -> None:
    page = today(path, qtbot)
    page.items["walking"].skip.click()
    assert "walking" not in page.items
    assert "walking" not in today(path, qtbot).items
    page.items["strength"].move_on.click()  # tomorrow has no room for it: refused with a note
    assert "strength" in page.items
    notes = [each.text() for each in page.findChildren(QLabel)]
    assert WORDS["plan_why_refused_minutes"] in notes
    assert read(path) == ()


def test_an_interrupted_session_goes_on_where_it_stopped(path: Path, qtbot: QtBot) -> None:
    interrupted(path)
    known = memory(path)
    state = known.today()
    assert state.interrupted is not None
    rest = known.rest_of(state.interrupted)
    assert rest is not None
    assert len(rest.planned_sets) == len(state.interrupted.planned) - 2
    assert rest.planned_sets[0].exercise.id == state.interrupted.planned[2].exercise
    tags = LIBRARY.exercises[state.interrupted.planned[2].exercise].contraindications
    careful = memory(path, Settings(screened="advice", tags=tags))
    assert bool(careful.rest_of(state.interrupted)) is not bool(tags)


def test_after_a_pain_it_asks_how_it_is_and_does_not_offer_to_go_on(
    path: Path, qtbot: QtBot
) -> None:
    """What hurt rests; the answer is kept, and asked for once."""
    interrupted(path, "pain", "pain")
    known = memory(path)
    state = known.today()
    assert state.hurt is not None
    assert state.interrupted is None
    hurt = state.hurt.sets[2].exercise
    assert hurt in state.plan.rests
    page = today(path, qtbot)
    assert known.tell(state.hurt, 1) == ""
    assert known.today().hurt is None
    with closing(HistoryStore(path)) as store:
        assert store.history().feelings == (Feeling(NINE, "next_day", better=1, session="x"),)
    page.renew()


def test_a_disk_that_refuses_is_a_sentence_and_the_plan_stays(tmp_path: Path, qtbot: QtBot) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    page = today(blocked / "history.sqlite3", qtbot)
    assert "cannot be" in page.notice.text() or "Choose another place" in page.notice.text()
    assert page.items
    page.items["walking"].begin.click()
    assert page.notice.text()
    card = DueCard(WORDS, memory(blocked / "h.sqlite3"), lambda: None, lambda: None)
    qtbot.addWidget(card)
    assert card.due.text()


def test_progress_shows_only_what_was_measured(path: Path, qtbot: QtBot) -> None:
    """Each chart says in words what it shows; a change within the error is called so."""
    page = ProgressPage(WORDS, memory(path))
    qtbot.addWidget(page)
    assert not page.save.isEnabled()
    with closing(HistoryStore(path)) as store:
        fill(store, LIBRARY, NINE)
    with closing(DeskStore(path.with_name(DAYS_FILE))) as days:
        days.add_minute(NINE, Minute(60.0, {"upright": 40.0, "slouching": 20.0}))
    page.renew()
    charts = page.findChildren(ChartView)
    assert {"calendar", "weeks", "pain", "desk", "desk-days"} <= {
        each.chart.name for each in charts
    }
    assert all(each.accessibleName() and each.accessibleDescription() for each in charts)
    assert page.report is not None
    assert page.save.isEnabled()
    page.period.choose(26)
    assert page.report.since == NINE.date() - timedelta(days=7 * 26 - 1)


def test_a_chart_is_readable_in_dark_and_large(path: Path, qtbot: QtBot) -> None:
    """Its ink is that of the theme, and it grows with the texts."""
    with closing(HistoryStore(path)) as store:
        fill(store, LIBRARY, NINE)
    known = memory(path)
    report = known.progress(84)
    small = ChartView(weeks_chart(WORDS, report.weeks))
    large = ChartView(weeks_chart(WORDS, report.weeks), scale=1.5)
    for each in (small, large):
        qtbot.addWidget(each)
        each.resize(each.sizeHint())
        image = each.grab().toImage()
        colours = {image.pixel(x, y) for x in range(0, image.width(), 7)
                   for y in range(0, image.height(), 7)}  # fmt: skip
        assert len(colours) > 3
    assert large.sizeHint().width() == round(1.5 * small.sizeHint().width())


def test_after_a_session_it_asks_and_keeps_the_answer(path: Path, qtbot: QtBot) -> None:
    """One answer; the question gives way to thanks, or to the reason why it cannot be kept."""
    _, history = remember(path, (STRAIGHT, 12.0))
    question = AfterQuestion(WORDS, history.tell_after)
    qtbot.addWidget(question)
    question.answers[1].click()
    with closing(HistoryStore(path)) as store:
        (told,) = store.history().feelings
    assert (told.moment, told.better, told.session) == ("after", 1, history.session)
    assert question.words.text() == WORDS["ui_after_thanks"]
    assert not any(each.isVisibleTo(question) for each in question.answers.values())


def test_a_session_of_the_plan_begins_as_planned_from_home(path: Path, qtbot: QtBot) -> None:
    """Home, today, and the session: its sets are those of the plan, and not at a level again."""
    day = NINE.date()
    settings = Settings(screened="clear", comfort=((day.isoformat(), 2),))
    known = memory(path, settings)
    begun: list[HomeChoice] = []

    def start(choice: HomeChoice) -> QWidget:
        begun.append(choice)
        return Led()

    services = Services(cameras=lambda: [], preview=open_source, speak=lambda text: False)
    window = MainWindow(
        WORDS, LIBRARY, known.settings, services,
        start=start, today=lambda: day, memory=known, full_screen=False,
    )  # fmt: skip
    qtbot.addWidget(window)
    card = window.home_page.choices.due
    assert card is not None
    assert "Core strength" in card.due.text()
    card.open.click()
    page = window.page
    assert isinstance(page, TodayPage)
    page.items["strength"].begin.click()
    (choice,) = begun
    item = next(i for i in known.today().plan.of(day) if i.track == "strength")
    expected = known.planned(item)
    assert expected is not None
    assert choice.planned_sets == expected.planned_sets
    assert (choice.track, choice.routine, choice.name) == (
        "strength", "core_strength", "Core strength",
    )  # fmt: skip


class Led(QWidget):
    """A page in place of a session."""

    finished = Signal()
