"""The window of a guided session with real parts: pictures, the model, keys, buttons, errors."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Timer

import numpy as np
import pytest
from phone import phone
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sessions import CLIP, WORDS, Crashing, Endless, SessionWindow, silent_voice, threads

from posecheck.coach.compose import PAIN_OPTIONS
from posecheck.coach.scene import DisplayState
from posecheck.coach.summary import text_lines
from posecheck.io.audio.transcript import Transcript
from posecheck.io.audio.voice import MOCK, Voice
from posecheck.io.output import OutputError
from posecheck.io.vision.camera import NO_CAMERA, CameraError, Source
from posecheck.io.vision.live import Playlist, open_live
from posecheck.io.vision.opencv import cv2
from posecheck.pose import Frame
from posecheck.ui.session.bar import BAR_MARGIN, MIN_BUTTON_HEIGHT, Bar, ButtonLayout, ButtonSpec
from posecheck.ui.session.keys import PAUSE_KEYS
from posecheck.ui.session.overlay import HelpPanel, LeavePanel, Notice, TroublePanel
from posecheck.ui.session.sound import SessionSound
from posecheck.ui.session.summary_page import SummaryPage
from posecheck.ui.session.worker import SESSION_CRASHED
from posecheck.ui.settings.settings_page import SettingsPage
from posecheck.ui.widgets.style import DARK_PAGE

pytestmark = [pytest.mark.gui, pytest.mark.model]

Key = Qt.Key


@pytest.fixture(autouse=True)
def _nothing_is_left(qtbot: QtBot) -> Iterator[None]:
    """Close all windows after every test. No thread and no camera may outlive them."""
    yield
    for window in QApplication.topLevelWidgets():
        window.close()
    assert threads() == []


def clip() -> Source:
    return Playlist([CLIP], paced=False)


def empty(folder: Path, width: int, height: int) -> str:
    """A folder with pictures in which there is no person."""
    folder.mkdir()
    for number in range(10):
        picture = np.full((height, width, 3), 90, np.uint8)
        cv2.imwrite(str(folder / f"{number}.png"), picture)
    return str(folder)


def texts(session: SessionWindow) -> str:
    """The texts on the panel."""
    panel = session.page.panel
    assert panel is not None
    return "\n".join(each.text() for each in panel.findChildren(QLabel))


STARTING = [WORDS[key] for key in ("starting", "starting_camera", "starting_model")]


def no_camera() -> Source:
    raise CameraError(f"{NO_CAMERA} at index 97.")


# --- a session ----------------------------------------------------------------------------------


def test_a_session_goes_from_the_first_picture_to_the_summary(qtbot: QtBot) -> None:
    """Correct seconds are counted, the summary appears, and the camera is freed."""
    session = SessionWindow(qtbot, clip, sets=1, hold_s=3.0)
    assert session.page.scene.cue in STARTING
    assert [button.accessibleName() for button in session.page.buttons.values()] == [
        "Without a camera", "Mute", "Full screen", "Leave"
    ]  # fmt: skip
    session.until_panel(SummaryPage)
    (set_stats,) = session.page.worker.set_stats
    assert set_stats.correct_s == pytest.approx(3.0, abs=0.2)
    assert session.page.worker.complete
    assert session.page.summary is not None
    assert WORDS["ended"] not in text_lines(session.page.summary, WORDS)
    assert threads() == []


def test_the_summary_says_that_a_recording_ended_early(qtbot: QtBot, tmp_path: Path) -> None:
    """What was done is in the summary."""
    session = SessionWindow(qtbot, lambda: Playlist([empty(tmp_path / "a", 640, 480)], paced=False))
    session.until_panel(SummaryPage)
    assert not session.page.worker.complete
    assert session.page.summary is not None
    assert WORDS["ended"] in text_lines(session.page.summary, WORDS)


def test_again_starts_a_new_session_and_home_goes_home(qtbot: QtBot) -> None:
    """The second session starts from zero and has one thread."""
    sources: list[Endless] = []
    session = SessionWindow(qtbot, lambda: sources.append(Endless()) or sources[-1])  # type: ignore[func-returns-value]
    session.until_seen()
    session.press(Key.Key_Right)
    session.until(lambda: session.page.scene.now == 1)
    for _ in range(2):
        session.press(Key.Key_Escape)
    session.until_panel(SummaryPage)
    page = session.page.panel
    assert isinstance(page, SummaryPage)
    page.again_button.click()
    assert session.page.panel is None
    assert session.page.summary is None
    session.until_seen()
    assert session.page.scene.now == 0
    assert threads() == ["session"]
    assert [source.closed.is_set() for source in sources] == [True, False]
    for _ in range(2):
        session.press(Key.Key_Escape)
    session.until_panel(SummaryPage)
    session.press(Key.Key_Escape)
    assert session.window.page is session.window.home_page


def test_two_recordings_of_different_size_follow_each_other(qtbot: QtBot, tmp_path: Path) -> None:
    """The session continues when the pictures change their size."""
    wide, tall = empty(tmp_path / "a", 640, 480), empty(tmp_path / "b", 200, 360)
    session = SessionWindow(qtbot, lambda: Playlist([wide, tall], paced=False))
    shapes: set[tuple[int, ...]] = set()

    def ended() -> bool:
        image = session.page.image
        shapes.add(() if image is None else image.shape)
        return isinstance(session.page.panel, SummaryPage)

    session.until(ended)
    assert {(480, 640, 3), (360, 200, 3)} <= shapes
    assert session.page.trouble == ""


def test_resizing_moving_and_full_screen_do_not_disturb(qtbot: QtBot) -> None:
    """Pictures continue, and all buttons stay inside the page."""
    session = SessionWindow(qtbot, Endless)
    session.until_seen()
    session.press(Key.Key_F)
    assert session.window.isFullScreen()
    session.press(Key.Key_F)
    assert not session.window.isFullScreen()
    for width, height in ((900, 600), (1600, 900), (1280, 720)):
        session.window.resize(width, height)
        session.window.move(QPoint(10, 10))
        before = session.page.judged_t
        session.until(lambda before=before: session.page.judged_t > before)  # type: ignore[misc]
        assert session.page.width() == session.window.width()
        for button in session.page.buttons.values():
            place = QRect(button.mapTo(session.page, QPoint(0, 0)), button.size())
            assert session.page.rect().contains(place)
    session.press(Key.Key_H)
    session.window.resize(1000, 700)
    QApplication.processEvents()
    assert session.page.panel is not None
    assert session.page.panel.size() == session.page.size()


# --- keys and buttons ---------------------------------------------------------------------------

Press = Callable[[SessionWindow, str], None]
QT_KEYS = {
    "Space": Key.Key_Space, "→": Key.Key_Right, "←": Key.Key_Left, "Enter": Key.Key_Return,
    "Esc": Key.Key_Escape,
}  # fmt: skip


def by_key(session: SessionWindow, key: str) -> None:
    session.press(QT_KEYS.get(key) or getattr(Key, f"Key_{key}"))


def by_button(session: SessionWindow, key: str) -> None:
    session.until(lambda: key in session.page.buttons)
    session.page.buttons[key].click()


def by_keyboard_on_the_button(session: SessionWindow, key: str) -> None:
    session.until(lambda: key in session.page.buttons)
    session.page.buttons[key].setFocus()
    session.press(Key.Key_Space)


ways = pytest.mark.parametrize("press", [by_key, by_button, by_keyboard_on_the_button])


@ways
def test_pause_skip_and_back(qtbot: QtBot, press: Press) -> None:
    """A key, a click and the keyboard on a button have the same effect."""
    session = SessionWindow(qtbot, Endless)
    session.until_seen()
    press(session, "Space")
    session.until_state("halted")
    press(session, "Space")
    session.until(lambda: session.page.scene.display_state != "halted")
    press(session, "→")
    session.until(lambda: session.page.scene.now == 1)
    press(session, "←")
    session.until(lambda: session.page.scene.now == 0)


@ways
def test_pain_is_asked_about_and_answered(qtbot: QtBot, press: Press) -> None:
    """After mild pain that eases the session continues. Spreading pain shows what to do."""
    session = SessionWindow(qtbot, Endless)
    session.until_seen()
    press(session, "P")
    session.until_state("pain")
    assert list(session.page.buttons) == ["S", "L", "M", "Esc"]
    press(session, "M")
    session.until(lambda: list(session.page.buttons) == ["Y", "N", "Esc"])
    session.until(lambda: session.page.scene.cue == WORDS["pain_easing"])
    press(session, "Y")
    session.until(lambda: session.page.scene.display_state != "pain")
    assert session.page.worker.set_stats
    press(session, "P")
    session.until(lambda: "L" in session.page.buttons)
    press(session, "L")
    session.until(lambda: list(session.page.buttons) == ["Enter", "Esc"])
    assert session.page.scene.detail == WORDS["pain_care"]
    press(session, "Enter")
    session.until(lambda: bool(session.page.panel) or session.page.scene.display_state != "pain")


def test_mild_twice_does_not_mute(qtbot: QtBot) -> None:
    """In the pain flow M is an answer; while nothing is asked it does nothing."""
    made: list[Voice] = []
    session = SessionWindow(qtbot, Endless, voice=lambda: made.append(silent_voice()) or made[0])  # type: ignore[func-returns-value]
    session.until_seen()
    session.press(Key.Key_P)
    session.until_state("pain")
    session.press(Key.Key_M)
    session.until(lambda: "Y" in session.page.buttons)
    session.press(Key.Key_M)
    assert not made[0].muted


@ways
def test_sharp_and_not_easing_end_the_exercise(qtbot: QtBot, press: Press) -> None:
    """Both stop the exercise, and the summary notes it."""
    for first, then in (("S", "Enter"), ("M", "N")):
        session = SessionWindow(qtbot, Endless)
        session.until_seen()
        press(session, "P")
        session.until_state("pain")
        press(session, first)
        session.until(lambda session=session, then=then: then in session.page.buttons)  # type: ignore[misc]
        press(session, then)
        session.until_panel(SummaryPage)  # nothing else was planned
        assert session.page.summary is not None
        assert session.page.summary.lines[0].note == WORDS["sum_note_pain"]
        session.window.close()


@ways
def test_mute_and_sound_on(qtbot: QtBot, press: Press) -> None:
    """The button says what it does next."""
    made: list[Voice] = []
    session = SessionWindow(qtbot, Endless, voice=lambda: made.append(silent_voice()) or made[0])  # type: ignore[func-returns-value]
    session.until_seen()
    press(session, "M")
    assert made[0].muted
    assert session.page.buttons["M"].accessibleName() == "Sound on"
    press(session, "M")
    assert not made[0].muted


@ways
def test_help_pauses_and_resumes(qtbot: QtBot, press: Press) -> None:
    """H opens help; H, Escape and its button close it, and the session resumes."""
    session = SessionWindow(qtbot, Endless)
    session.until_seen()
    for close in (Key.Key_H, Key.Key_Escape, Key.Key_Return):
        press(session, "H")
        session.until_panel(HelpPanel)
        session.until_state("halted")
        session.press(close)
        assert session.page.panel is None
        session.until(lambda: session.page.scene.display_state != "halted")


def test_help_that_is_closed_at_once_leaves_nothing_halted(qtbot: QtBot) -> None:
    """Two keys between two pictures cancel each other."""
    session = SessionWindow(qtbot, Endless)
    session.until_seen()
    session.press(Key.Key_H)
    session.press(Key.Key_H)
    since = session.page.judged_t
    session.until(lambda: session.page.judged_t > since + 1.0)
    assert session.page.scene.display_state != "halted"


@pytest.mark.parametrize("press", [by_key, by_button])
def test_a_pause_keeps_help_skip_and_back(qtbot: QtBot, press: Press) -> None:
    """Their buttons stay; skipping resumes the session."""
    session = SessionWindow(qtbot, Endless)
    session.until_seen()
    press(session, "Space")
    session.until_state("halted")
    session.until(lambda: len(session.page.buttons) < 9 and "H" in session.page.buttons)
    assert list(session.page.buttons) == ["Space", "P", "←", "→", "H", "M", "F", "Esc"]
    press(session, "H")
    session.until_panel(HelpPanel)
    assert WORDS["help_kind"] in texts(session)
    assert WORDS["help_easing"] in texts(session)
    session.press(Key.Key_Escape)
    press(session, "→")
    session.until(lambda: session.page.scene.now == 1)
    session.until(lambda: session.page.scene.display_state != "halted")


def test_a_pause_of_the_user_outlasts_the_help(qtbot: QtBot) -> None:
    """Closing help does not resume a session that the user has paused."""
    session = SessionWindow(qtbot, Endless)
    session.until_seen()
    session.press(Key.Key_Space)
    session.until_state("halted")
    session.press(Key.Key_H)
    session.press(Key.Key_H)
    since = session.page.judged_t
    session.until(lambda: session.page.judged_t > since + 1.0)
    assert session.page.scene.display_state == "halted"


class Small(Endless):
    """A person too far from the camera to be judged."""

    def __iter__(self) -> Iterator[Frame]:
        for frame in super().__iter__():
            image = np.full((480, 640, 3), 128, np.uint8)
            image[-160:, :213] = cv2.resize(frame.image, (213, 160))
            yield replace(
                frame, t=3 * frame.t, image=image
            )  # the offer comes after a third of the real time


@pytest.mark.parametrize("press", [by_key, by_button])
def test_the_form_check_can_be_switched_off(qtbot: QtBot, press: Press) -> None:
    """U works at any time; its button exists while it is offered."""
    session = SessionWindow(qtbot, Endless if press is by_key else Small)
    session.until(lambda: session.page.judged_t > 0.0)
    press(session, "U")
    session.until_state("unchecked")


def test_r_does_nothing_without_an_offer(qtbot: QtBot) -> None:
    """R accepts an offer of today's range."""
    session = SessionWindow(qtbot, Endless)
    session.until_seen()
    session.press(Key.Key_R)
    since = session.page.judged_t
    session.until(lambda: session.page.judged_t > since + 1.0)
    assert "R" not in session.page.buttons
    session.press(Key.Key_Escape)
    session.press(Key.Key_Escape)
    session.until_panel(SummaryPage)
    assert session.page.summary is not None
    assert WORDS["sum_eased"] not in text_lines(session.page.summary, WORDS)


def test_a_key_before_the_first_picture_takes_effect(qtbot: QtBot) -> None:
    """The session starts paused."""
    gate = Event()
    session = SessionWindow(qtbot, lambda: Endless(gate))
    session.press(Key.Key_Space)
    session.press(Key.Key_H)
    session.press(Key.Key_H)
    gate.set()
    session.until_state("halted")


def test_arrows_skip_and_return_presses_while_a_button_has_the_focus(qtbot: QtBot) -> None:
    """The focus stays with the button of the same key when the buttons change."""
    session = SessionWindow(qtbot, Endless)
    session.until_seen()
    session.page.buttons["Space"].setFocus()
    session.press(Key.Key_Right)
    session.until(lambda: session.page.scene.now == 1)
    session.press(Key.Key_Return)
    session.until_state("halted")
    assert session.page.buttons["Space"].hasFocus()
    session.press(Key.Key_P)
    session.until_state("pain")
    assert QApplication.focusWidget() is not None


def test_a_held_key_counts_once(qtbot: QtBot) -> None:
    """A hand on the keyboard must not skip the whole session or leave it."""
    session = SessionWindow(qtbot, Endless)
    session.until_seen()
    assert not any(shortcut.autoRepeat() for shortcut in session.page.findChildren(QShortcut))
    session.press(Key.Key_Space)
    session.until_state("halted")
    none = Qt.KeyboardModifier.NoModifier
    focus = QApplication.focusWidget()
    assert focus is not None
    QApplication.sendEvent(focus, QKeyEvent(QEvent.Type.KeyPress, Key.Key_Space, none, " ", True))
    since = session.page.judged_t
    session.until(lambda: session.page.judged_t > since + 1.0)
    assert session.page.scene.display_state == "halted"


def test_every_button_has_a_name_for_a_screen_reader(qtbot: QtBot) -> None:
    """The name is the words on it, the description its key. The cue describes the picture."""
    session = SessionWindow(qtbot, Endless)
    session.until_seen()
    assert list(session.page.buttons) == ["Space", "←", "→", "P", "H", "M", "F", "Esc"]
    for key, button in session.page.buttons.items():
        read = QAccessible.queryAccessibleInterface(button)
        assert read.role() == QAccessible.Role.Button
        assert read.text(QAccessible.Text.Name)[0].isupper()
        assert read.text(QAccessible.Text.Description) == key
    session.press(Key.Key_P)
    session.until_state("pain")
    focus = QApplication.focusWidget()
    assert focus is not None
    assert WORDS["pain_ask"] in focus.accessibleDescription()


def test_every_button_can_be_reached_by_tab(qtbot: QtBot) -> None:
    """Tab goes from the picture through the buttons in their order."""
    session = SessionWindow(qtbot, Endless)
    session.until_seen()
    reached = []
    for _ in session.page.buttons:
        session.press(Key.Key_Tab)
        reached.append(next(k for k, b in session.page.buttons.items() if b.hasFocus()))
    assert reached == list(session.page.buttons)


OPTION_SETS = {
    "usual": (("Space", "do_pause"), ("←", "do_back"), ("→", "do_skip"), ("P", "do_pain"),
              ("H", "do_help")),
    "offer": (("U", "do_uncheck"), ("Space", "do_pause"), ("←", "do_back"), ("→", "do_skip"),
              ("P", "do_pain"), ("H", "do_help")),
    "halted": (("Space", "do_go_on"), ("P", "do_pain")),
    **PAIN_OPTIONS,
}  # fmt: skip


@pytest.mark.parametrize("options", OPTION_SETS)
@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(1920, 1080, 1.0), (1280, 720, 1.0), (1280, 720, 1.5), (640, 480, 1.0), (960, 480, 1.5)],
)
def test_no_button_is_cut_however_small_the_page(
    qtbot: QtBot, options: str, width: int, height: int, scale: float
) -> None:
    """Buttons do not overlap, have room for their words, and are big for answers to pain."""
    bar = Bar(DARK_PAGE, scale)
    qtbot.addWidget(bar)
    choices = [ButtonSpec(key, WORDS[words]) for key, words in OPTION_SETS[options]]
    others = [ButtonSpec("Esc", WORDS["do_leave"])]
    big = options in PAIN_OPTIONS or options == "halted"
    if options == "halted":
        others = [ButtonSpec(key, WORDS[words]) for key, words in PAUSE_KEYS] + others
    if options not in PAIN_OPTIONS:
        others += [ButtonSpec(key, WORDS[f"do_{words}"])
                   for key, words in (("M", "unmute"), ("F", "full"))]  # fmt: skip
    bar.lay(ButtonLayout(choices, others, big=big))
    bar.resize(width, bar.height())
    bar.arrange(width, height)
    placed = list(bar.buttons.values())
    for button in placed:
        assert bar.rect().adjusted(BAR_MARGIN, 0, -BAR_MARGIN, 0).contains(button.geometry())
        assert button.height() >= MIN_BUTTON_HEIGHT
        assert button.width() >= button.width_at(button.letters_px) - 1
        assert button.letters_px >= (15 if width >= 850 else 12)
    for one in placed:
        assert not any(one.geometry().intersects(o.geometry()) for o in placed if o is not one)
    if big:
        assert all(bar.buttons[choice.key].height() >= 80 for choice in choices)
    elif width >= 1280:
        assert bar.height() <= 0.1 * height


# --- leaving ------------------------------------------------------------------------------------


def test_leaving_is_asked_once_and_sums_up_what_was_done(qtbot: QtBot) -> None:
    """Escape asks, Enter stays, Escape twice leaves. The summary has the set that was begun."""
    session = SessionWindow(qtbot, Endless)
    session.until(lambda: session.page.scene.display_state == "active")
    session.press(Key.Key_Escape)
    session.until_panel(LeavePanel)
    session.until_state("halted")
    session.press(Key.Key_Return)
    session.until(
        lambda: session.page.panel is None and session.page.scene.display_state != "halted"
    )
    session.press(Key.Key_Escape)
    session.press(Key.Key_Escape)
    session.until_panel(SummaryPage)
    assert session.page.summary is not None
    assert len(session.page.summary.lines) == 1
    assert WORDS["ended"] not in text_lines(session.page.summary, WORDS)


@pytest.mark.parametrize("key", ["H", "Esc"])
def test_pain_can_be_reported_from_help_and_the_question(qtbot: QtBot, key: str) -> None:
    """P works at any time."""
    session = SessionWindow(qtbot, Endless)
    session.until_seen()
    by_key(session, key)
    assert session.page.panel is not None
    by_key(session, "P")
    session.until_state("pain")
    assert session.page.panel is None
    by_key(session, "S")
    session.until(lambda: "Enter" in session.page.buttons)


Step = Callable[[SessionWindow], None]


def seen(session: SessionWindow) -> None:
    session.until_seen()


def pressed(key: str) -> Step:
    return lambda session: by_key(session, key)


def until_state_is(state: DisplayState) -> Step:
    return lambda session: session.until_state(state)


SITUATIONS: dict[str, tuple[Step, ...]] = {
    "at once": (),
    "at the first picture": (seen,),
    "in a pause": (seen, pressed("Space"), until_state_is("halted")),
    "in pain": (seen, pressed("P"), until_state_is("pain")),
    "in help": (seen, pressed("H")),
    "in the question": (seen, pressed("Esc")),
}


@pytest.mark.parametrize("when", SITUATIONS)
def test_the_window_may_be_closed_at_any_time(qtbot: QtBot, when: str) -> None:
    """When `close` returns, all threads are joined and the camera is free, and `closed` has said so
    once. There is a summary for the terminal if anything was done."""
    source = Endless()
    session = SessionWindow(qtbot, lambda: source)
    said: list[bool] = []
    session.page.closed.connect(lambda: said.append(source.closed.is_set()))
    for step in SITUATIONS[when]:
        step(session)
    session.window.close()
    assert threads() == []
    assert source.closed.is_set()
    assert said == [True]
    assert (session.page.summary is not None) == bool(session.page.worker.set_stats)
    QApplication.processEvents()  # late signals of the thread are ignored
    assert not isinstance(session.page.panel, SummaryPage)


def test_no_voice_is_made_for_a_window_that_is_closed(qtbot: QtBot) -> None:
    """A speech engine that starts slowly would outlive the window. The page beside it stays open
    and gets its voice."""
    made: list[str] = []

    def voice(name: str) -> Callable[[], Voice]:
        return lambda: made.append(name) or silent_voice()  # type: ignore[func-returns-value]

    closed, stays = QObject(), QObject()
    sounds = SessionSound(voice("closed"), closed), SessionSound(voice("stays"), stays)
    sounds[0].close()
    qtbot.waitUntil(lambda: "stays" in made)
    assert made == ["stays"]
    sounds[1].close()


# --- troubles -----------------------------------------------------------------------------------


def test_a_lost_camera_is_reported_and_the_session_continues(qtbot: QtBot) -> None:
    """The stream of a phone ends and starts again."""
    with phone() as app:
        for grey in range(60):
            app.send.put(grey)
        session = SessionWindow(qtbot, lambda: open_live([f"{app.address}/video"]))
        session.until(lambda: session.page.judged_t > 0)
        app.send.put(None)
        session.until_state("lost")
        assert session.page.scene.cue == WORDS["halt_camera"]
        session.until(lambda: next(iter(session.page.buttons)) == "P")
        assert session.page.buttons["P"].property("role") != "main"  # pain is not the likely answer

        def found() -> bool:
            app.send.put(250)
            return session.page.scene.display_state != "lost"

        session.until(found)
        session.window.close()


class Unjudged(Endless):
    """Pictures that continue to arrive, of which only the first ones are judged."""

    def __iter__(self) -> Iterator[Frame]:
        for number, frame in enumerate(super().__iter__()):
            yield frame
            if number == 10:
                break
        while not self.closed.wait(0.02):
            assert self.on_frame is not None
            self.on_frame(frame.image.copy())


def test_an_old_skeleton_is_not_drawn_on_a_live_picture(qtbot: QtBot) -> None:
    """When the model stalls, the skeleton is removed; picture and words stay."""
    session = SessionWindow(qtbot, Unjudged)
    session.until_seen()
    session.until(lambda: session.page.scene.pose is None)
    assert session.page.scene.annotation is None
    assert session.page.scene.title == "Child's pose"
    assert session.page.image is not None


def test_the_start_is_arranged_as_the_first_judged_frame(qtbot: QtBot) -> None:
    """Exercise, ring and steps are there from the start. Meanwhile the page says what it opens."""
    opens, gate = Event(), Event()
    session = SessionWindow(qtbot, lambda: Endless(gate) if opens.wait(20) else no_camera())
    begun = session.page.scene
    session.until(lambda: session.page.scene.cue == WORDS["starting_camera"])
    opens.set()
    session.until(lambda: session.page.scene.cue == WORDS["starting_model"])
    gate.set()
    session.until_seen()
    now = session.page.scene
    for name in ("title", "exercise", "count", "unit", "sets"):
        assert getattr(begun, name) == getattr(now, name)
    assert len(begun.steps) == len(now.steps)


def test_a_source_that_does_not_open_can_be_tried_again(qtbot: QtBot) -> None:
    """The trouble shows a sentence and "Try again", which works as soon as the camera does."""
    ways: list[Callable[[], Source]] = [Endless, no_camera, no_camera]
    session = SessionWindow(qtbot, lambda: ways.pop()())
    session.until_panel(TroublePanel)
    assert WORDS["trouble_camera"] in texts(session)
    assert session.page.trouble
    session.press(Key.Key_Return)
    assert session.page.trouble == ""
    session.until_panel(TroublePanel)
    session.press(Key.Key_Return)
    session.until_seen()
    assert session.page.panel is None


def test_home_leads_away_from_a_trouble(qtbot: QtBot) -> None:
    """The last button goes home."""
    session = SessionWindow(qtbot, no_camera)
    session.until_panel(TroublePanel)
    for key in (Key.Key_Tab, Key.Key_Tab, Key.Key_Tab, Key.Key_Return):
        session.press(key)
    assert session.window.page is session.window.home_page


def test_a_missing_camera_has_its_own_sentence_and_leads_to_the_settings(qtbot: QtBot) -> None:
    """The sentence is worded for the window, not the command line. A third button opens the
    settings."""
    session = SessionWindow(qtbot, no_camera)
    session.until_panel(TroublePanel)
    shown = texts(session)
    assert WORDS["trouble_camera"] in shown
    assert "No camera answers" not in shown
    for key in (Key.Key_Tab, Key.Key_Tab, Key.Key_Return):
        session.press(key)
    assert isinstance(session.window.page, SettingsPage)


def test_a_page_without_settings_offers_none(qtbot: QtBot) -> None:
    """Another error has its own sentence. Without settings there are two buttons."""
    panel = TroublePanel("The model is broken.", WORDS, list, list)
    qtbot.addWidget(panel)
    shown = [each.text() for each in panel.findChildren(QLabel)]
    assert shown == [WORDS["trouble_title"], "The model is broken."]
    assert [each.text() for each in panel.findChildren(QPushButton)] == [
        WORDS["trouble_again"], WORDS["trouble_home"]
    ]  # fmt: skip


def test_a_broken_model_is_a_trouble(qtbot: QtBot, tmp_path: Path) -> None:
    """The camera is freed."""
    model = tmp_path / "broken.task"
    model.write_bytes(b"no model")
    source = Endless()
    session = SessionWindow(qtbot, lambda: source, model=str(model))
    session.until_panel(TroublePanel)
    assert "broken.task" in texts(session)
    assert source.closed.is_set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_crash_keeps_what_was_counted(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The summary says that posecheck, and not the user, ended the session."""
    monkeypatch.setenv("POSECHECK_HOME", str(tmp_path))  # the place of the crash file
    session = SessionWindow(qtbot, lambda: Crashing(5))
    session.until_panel(SummaryPage)
    assert session.page.summary is not None
    lines = text_lines(session.page.summary, WORDS)
    assert any(line.startswith(SESSION_CRASHED) for line in lines)


def test_a_session_without_a_voice_says_why(qtbot: QtBot) -> None:
    """A notice says once what to install, beside the picture and not on it, and help repeats it."""
    session = SessionWindow(qtbot, Endless, voice=lambda: Voice("full", engine="none"))
    (notice,) = session.page.findChildren(Notice)
    qtbot.waitUntil(notice.isVisible)
    session.until(lambda: not session.page._canvas.geometry().intersects(notice.geometry()))
    assert "Nothing can be spoken" in notice.text.text()
    notice.hide()
    notice.show_once(notice.text.text())
    assert not notice.isVisible()
    session.until_seen()
    session.press(Key.Key_H)
    session.until_panel(HelpPanel)
    assert "Nothing can be spoken" in texts(session)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
def test_the_summary_reports_a_transcript_that_cannot_be_written(qtbot: QtBot) -> None:
    """With a full disk the session continues, and its summary says what is missing."""
    transcript = Transcript(Path("/dev/full"))
    session = SessionWindow(qtbot, clip, sets=1, hold_s=3.0,
              voice=lambda: Voice("full", engine=MOCK, transcript=transcript))  # fmt: skip
    session.until_panel(SummaryPage)
    assert session.page.worker.complete
    assert session.page.summary is not None
    assert any("/dev/full" in line for line in text_lines(session.page.summary, WORDS))
    with pytest.raises(OutputError):
        transcript.close()


# --- without a camera ---------------------------------------------------------------------------


def by_the_clock(session: SessionWindow) -> None:
    """The session runs without a camera, through its sets, to a summary that says so."""
    page = session.page
    session.until(lambda: page.judged_t > 0)
    session.until_state("ready")
    assert page.image is None
    assert page.scene.unit == WORDS["unit_begins"]
    assert not page.scene.watched
    session.press(Key.Key_Space)
    session.until_state("halted")
    assert page.scene.detail == WORDS["halt_clock_detail"]
    session.press(Key.Key_Space)
    session.until_state("ready")
    for _ in range(3):
        session.press(Key.Key_Right)
    session.until_panel(SummaryPage)
    assert page.summary is not None
    assert page.summary.correct_s == page.summary.cant_tell_s == 0.0
    assert threads() == []


def test_a_missing_camera_leads_to_a_session_without_one(qtbot: QtBot) -> None:
    """One button beside the trouble. Help then names no signs that need a camera."""
    session = SessionWindow(qtbot, no_camera)
    session.until_panel(TroublePanel)
    panel = session.page.panel
    assert panel is not None
    assert WORDS["trouble_no_camera"] in texts(session)
    (go_on,) = (b for b in panel.findChildren(QPushButton) if b.text() == WORDS["do_no_camera"])
    go_on.click()
    session.press(Key.Key_H)
    assert WORDS["help_signs"] not in texts(session)
    session.press(Key.Key_H)
    by_the_clock(session)


def test_a_user_need_not_wait_for_the_camera(qtbot: QtBot) -> None:
    """While it opens, a key begins without it, and it is closed again."""
    late, opened = Event(), list[Endless]()

    def slow() -> Source:
        late.wait(10.0)
        opened.append(Endless())
        return opened[-1]

    session = SessionWindow(qtbot, slow)
    Timer(0.3, late.set).start()
    session.press(Key.Key_U)
    assert opened[0].closed.is_set()
    by_the_clock(session)
