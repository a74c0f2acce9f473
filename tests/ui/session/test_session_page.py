"""The window of a led session with real parts: pictures, the model, keys, buttons, troubles."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from phone import phone
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sessions import CLIP, WORDS, Broken, Endless, Led, pretending, threads

from posecheck.coach.compose import PAIN_OPTIONS
from posecheck.coach.summary import text_lines
from posecheck.io.audio.transcript import Transcript
from posecheck.io.audio.voice import MOCK, Voice
from posecheck.io.output import OutputError
from posecheck.io.vision.camera import NO_CAMERA, CameraError, Source
from posecheck.io.vision.live import Playlist, open_live
from posecheck.io.vision.opencv import cv2
from posecheck.pose import Frame
from posecheck.ui.session.bar import LOWEST, SIDE, Bar, Choice
from posecheck.ui.session.overlay import HelpPanel, LeavePanel, Notice, TroublePanel
from posecheck.ui.session.page import HALTED
from posecheck.ui.session.summary_page import SummaryPage
from posecheck.ui.session.worker import MISTAKE
from posecheck.ui.settings.settings_page import SettingsPage
from posecheck.ui.widgets.style import DARK

Key = Qt.Key


@pytest.fixture(autouse=True)
def _nothing_is_left(qtbot: QtBot) -> Iterator[None]:
    """Every test ends with its windows closed; no thread and no camera may outlive them."""
    yield
    for window in QApplication.topLevelWidgets():
        window.close()
    assert threads() == []


def clip() -> Source:
    return Playlist([CLIP], paced=False)


def empty(folder: Path, width: int, height: int) -> str:
    """Pictures of nobody."""
    folder.mkdir()
    for number in range(10):
        picture = np.full((height, width, 3), 90, np.uint8)
        cv2.imwrite(str(folder / f"{number}.png"), picture)
    return str(folder)


def texts(led: Led) -> str:
    """All that is written on the panel."""
    panel = led.page.panel
    assert panel is not None
    return "\n".join(each.text() for each in panel.findChildren(QLabel))


def refuses() -> Source:
    raise CameraError(f"{NO_CAMERA} at index 97.")


# --- a session ----------------------------------------------------------------------------------


def test_a_session_goes_from_the_first_picture_to_the_summary(qtbot: QtBot) -> None:
    """Correct seconds are counted, the summary tells them, and the camera is let go."""
    led = Led(qtbot, clip, sets=1, hold_s=3.0)
    assert led.page.scene.cue == WORDS["starting"]
    assert [button.accessibleName() for button in led.page.buttons.values()] == [
        "Mute", "Full screen", "Leave"
    ]  # fmt: skip
    led.until_panel(SummaryPage)
    (account,) = led.page.loop.accounts
    assert account.correct_s == pytest.approx(3.0, abs=0.2)
    assert led.page.loop.complete
    assert led.page.summary is not None
    assert WORDS["ended"] not in text_lines(led.page.summary, WORDS)
    assert threads() == []


def test_a_recording_that_ends_early_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    """What was done is summed up."""
    led = Led(qtbot, lambda: Playlist([empty(tmp_path / "a", 640, 480)], paced=False))
    led.until_panel(SummaryPage)
    assert not led.page.loop.complete
    assert led.page.summary is not None
    assert WORDS["ended"] in text_lines(led.page.summary, WORDS)


def test_again_begins_anew_and_home_leads_home(qtbot: QtBot) -> None:
    """A second session counts from nothing, with one thread, and its voice goes on in time."""
    sources: list[Endless] = []
    led = Led(qtbot, lambda: sources.append(Endless()) or sources[-1])  # type: ignore[func-returns-value]
    led.until_seen()
    led.press(Key.Key_Right)
    led.until(lambda: led.page.scene.now == 1)
    for _ in range(2):
        led.press(Key.Key_Escape)
    led.until_panel(SummaryPage)
    page = led.page.panel
    assert isinstance(page, SummaryPage)
    page.again_button.click()
    assert led.page.panel is None
    assert led.page.summary is None
    led.until_seen()
    assert led.page.scene.now == 0
    assert threads() == ["session"]
    assert [source.closed.is_set() for source in sources] == [True, False]
    for _ in range(2):
        led.press(Key.Key_Escape)
    led.until_panel(SummaryPage)
    led.press(Key.Key_Escape)
    assert led.window.page is led.window.home_page


def test_two_recordings_of_different_size_follow_each_other(qtbot: QtBot, tmp_path: Path) -> None:
    """The pictures change their size in the middle of a session, which goes on."""
    wide, tall = empty(tmp_path / "a", 640, 480), empty(tmp_path / "b", 200, 360)
    led = Led(qtbot, lambda: Playlist([wide, tall], paced=False))
    shapes: set[tuple[int, ...]] = set()

    def ended() -> bool:
        image = led.page.image
        shapes.add(() if image is None else image.shape)
        return isinstance(led.page.panel, SummaryPage)

    led.until(ended)
    assert {(480, 640, 3), (360, 200, 3)} <= shapes
    assert led.page.trouble == ""


def test_resizing_moving_and_full_screen_do_not_disturb(qtbot: QtBot) -> None:
    """Pictures go on, and everything has its place."""
    led = Led(qtbot, Endless)
    led.until_seen()
    led.press(Key.Key_F)
    assert led.window.isFullScreen()
    led.press(Key.Key_F)
    assert not led.window.isFullScreen()
    for width, height in ((900, 600), (1600, 900), (1280, 720)):
        led.window.resize(width, height)
        led.window.move(QPoint(10, 10))
        before = led.page.judged_t
        led.until(lambda before=before: led.page.judged_t > before)  # type: ignore[misc]
        assert led.page.width() == led.window.width()
        for button in led.page.buttons.values():
            place = QRect(button.mapTo(led.page, QPoint(0, 0)), button.size())
            assert led.page.rect().contains(place)
    led.press(Key.Key_H)
    led.window.resize(1000, 700)
    QApplication.processEvents()
    assert led.page.panel is not None
    assert led.page.panel.size() == led.page.size()


# --- keys and buttons ---------------------------------------------------------------------------

Way = Callable[[Led, str], None]
QT_KEYS = {
    "Space": Key.Key_Space, "→": Key.Key_Right, "←": Key.Key_Left, "Enter": Key.Key_Return,
    "Esc": Key.Key_Escape,
}  # fmt: skip


def by_key(led: Led, key: str) -> None:
    led.press(QT_KEYS.get(key) or getattr(Key, f"Key_{key}"))


def by_button(led: Led, key: str) -> None:
    led.until(lambda: key in led.page.buttons)
    led.page.buttons[key].click()


def by_keyboard_on_the_button(led: Led, key: str) -> None:
    led.until(lambda: key in led.page.buttons)
    led.page.buttons[key].setFocus()
    led.press(Key.Key_Space)


ways = pytest.mark.parametrize("press", [by_key, by_button, by_keyboard_on_the_button])


@ways
def test_pause_skip_and_back(qtbot: QtBot, press: Way) -> None:
    """By key, by mouse, and by the keyboard on a button: all the same."""
    led = Led(qtbot, Endless)
    led.until_seen()
    press(led, "Space")
    led.until_look("halted")
    press(led, "Space")
    led.until(lambda: led.page.scene.display_state != "halted")
    press(led, "→")
    led.until(lambda: led.page.scene.now == 1)
    press(led, "←")
    led.until(lambda: led.page.scene.now == 0)


@ways
def test_pain_is_asked_about_and_answered(qtbot: QtBot, press: Way) -> None:
    """Mild, then easing or not; sharp or spreading with what to do; and on with the session."""
    led = Led(qtbot, Endless)
    led.until_seen()
    press(led, "P")
    led.until_look("pain")
    assert list(led.page.buttons) == ["S", "L", "M", "Esc"]
    press(led, "M")
    led.until(lambda: list(led.page.buttons) == ["Y", "N", "Esc"])
    led.until(lambda: led.page.scene.cue == WORDS["pain_easing"])
    press(led, "Y")
    led.until(lambda: led.page.scene.display_state != "pain")
    assert led.page.loop.accounts
    press(led, "P")
    led.until(lambda: "L" in led.page.buttons)
    press(led, "L")
    led.until(lambda: list(led.page.buttons) == ["Enter", "Esc"])
    assert led.page.scene.detail == WORDS["pain_care"]
    press(led, "Enter")
    led.until(lambda: bool(led.page.panel) or led.page.scene.display_state != "pain")


def test_mild_twice_does_not_mute(qtbot: QtBot) -> None:
    """M is an answer in the pain flow; where it is none it does nothing."""
    made: list[Voice] = []
    led = Led(qtbot, Endless, voice=lambda: made.append(pretending()) or made[0])  # type: ignore[func-returns-value]
    led.until_seen()
    led.press(Key.Key_P)
    led.until_look("pain")
    led.press(Key.Key_M)
    led.until(lambda: "Y" in led.page.buttons)
    led.press(Key.Key_M)
    assert not made[0].muted


@ways
def test_sharp_and_not_easing_end_the_exercise(qtbot: QtBot, press: Way) -> None:
    """Both are stops: the exercise is left out, and noted."""
    for first, then in (("S", "Enter"), ("M", "N")):
        led = Led(qtbot, Endless)
        led.until_seen()
        press(led, "P")
        led.until_look("pain")
        press(led, first)
        led.until(lambda led=led, then=then: then in led.page.buttons)  # type: ignore[misc]
        press(led, then)
        led.until_panel(SummaryPage)  # nothing else was planned
        assert led.page.summary is not None
        assert led.page.summary.lines[0].note == WORDS["sum_note_pain"]
        led.window.close()


@ways
def test_muting_and_the_sound_again(qtbot: QtBot, press: Way) -> None:
    """The button tells what it does next."""
    made: list[Voice] = []
    led = Led(qtbot, Endless, voice=lambda: made.append(pretending()) or made[0])  # type: ignore[func-returns-value]
    led.until_seen()
    press(led, "M")
    assert made[0].muted
    assert led.page.buttons["M"].accessibleName() == "Sound on"
    press(led, "M")
    assert not made[0].muted


@ways
def test_help_halts_and_goes_on(qtbot: QtBot, press: Way) -> None:
    """H opens it, H, Escape and its button close it, and the session goes on where it was."""
    led = Led(qtbot, Endless)
    led.until_seen()
    for close in (Key.Key_H, Key.Key_Escape, Key.Key_Return):
        press(led, "H")
        led.until_panel(HelpPanel)
        led.until_look("halted")
        led.press(close)
        assert led.page.panel is None
        led.until(lambda: led.page.scene.display_state != "halted")


def test_help_that_is_closed_at_once_leaves_nothing_halted(qtbot: QtBot) -> None:
    """Two keys between two pictures."""
    led = Led(qtbot, Endless)
    led.until_seen()
    led.press(Key.Key_H)
    led.press(Key.Key_H)
    since = led.page.judged_t
    led.until(lambda: led.page.judged_t > since + 1.0)
    assert led.page.scene.display_state != "halted"


@pytest.mark.parametrize("press", [by_key, by_button])
def test_a_pause_keeps_help_skip_and_back(qtbot: QtBot, press: Way) -> None:
    """They can be pressed as before; skipping goes on."""
    led = Led(qtbot, Endless)
    led.until_seen()
    press(led, "Space")
    led.until_look("halted")
    led.until(lambda: len(led.page.buttons) < 9 and "H" in led.page.buttons)
    assert list(led.page.buttons) == ["Space", "P", "←", "→", "H", "M", "F", "Esc"]
    press(led, "H")
    led.until_panel(HelpPanel)
    assert WORDS["help_kind"] in texts(led)
    assert WORDS["help_easing"] in texts(led)
    led.press(Key.Key_Escape)
    press(led, "→")
    led.until(lambda: led.page.scene.now == 1)
    led.until(lambda: led.page.scene.display_state != "halted")


def test_a_pause_of_the_person_outlasts_the_help(qtbot: QtBot) -> None:
    """Help closes; the person still wants to rest."""
    led = Led(qtbot, Endless)
    led.until_seen()
    led.press(Key.Key_Space)
    led.until_look("halted")
    led.press(Key.Key_H)
    led.press(Key.Key_H)
    since = led.page.judged_t
    led.until(lambda: led.page.judged_t > since + 1.0)
    assert led.page.scene.display_state == "halted"


class Small(Endless):
    """Somebody who stands too far away to be judged."""

    def __iter__(self) -> Iterator[Frame]:
        for frame in super().__iter__():
            image = np.full((480, 640, 3), 128, np.uint8)
            image[-160:, :213] = cv2.resize(frame.image, (213, 160))
            yield replace(frame, t=3 * frame.t, image=image)  # three times as patient


@pytest.mark.parametrize("press", [by_key, by_button])
def test_going_on_without_form_check(qtbot: QtBot, press: Way) -> None:
    """U at any time; its button while it is offered."""
    led = Led(qtbot, Endless if press is by_key else Small)
    led.until(lambda: led.page.judged_t > 0.0)
    press(led, "U")
    led.until_look("unchecked")


def test_todays_range_changes_nothing_unless_it_is_offered(qtbot: QtBot) -> None:
    """R is a key of an offer."""
    led = Led(qtbot, Endless)
    led.until_seen()
    led.press(Key.Key_R)
    since = led.page.judged_t
    led.until(lambda: led.page.judged_t > since + 1.0)
    assert "R" not in led.page.buttons
    led.press(Key.Key_Escape)
    led.press(Key.Key_Escape)
    led.until_panel(SummaryPage)
    assert led.page.summary is not None
    assert WORDS["sum_eased"] not in text_lines(led.page.summary, WORDS)


def test_a_key_before_the_first_picture_counts(qtbot: QtBot) -> None:
    """The session begins paused."""
    gate = Event()
    led = Led(qtbot, lambda: Endless(gate))
    led.press(Key.Key_Space)
    led.press(Key.Key_H)
    led.press(Key.Key_H)
    gate.set()
    led.until_look("halted")


def test_arrows_skip_and_return_presses_while_a_button_has_the_focus(qtbot: QtBot) -> None:
    """The focus stays with the button of the same name when the buttons change."""
    led = Led(qtbot, Endless)
    led.until_seen()
    led.page.buttons["Space"].setFocus()
    led.press(Key.Key_Right)
    led.until(lambda: led.page.scene.now == 1)
    led.press(Key.Key_Return)
    led.until_look("halted")
    assert led.page.buttons["Space"].hasFocus()
    led.press(Key.Key_P)
    led.until_look("pain")
    assert QApplication.focusWidget() is not None


def test_a_held_key_counts_once(qtbot: QtBot) -> None:
    """A hand that rests on the keyboard must not skip the whole session, or leave it."""
    led = Led(qtbot, Endless)
    led.until_seen()
    assert not any(shortcut.autoRepeat() for shortcut in led.page.findChildren(QShortcut))
    led.press(Key.Key_Space)
    led.until_look("halted")
    none = Qt.KeyboardModifier.NoModifier
    focus = QApplication.focusWidget()
    assert focus is not None
    QApplication.sendEvent(focus, QKeyEvent(QEvent.Type.KeyPress, Key.Key_Space, none, " ", True))
    since = led.page.judged_t
    led.until(lambda: led.page.judged_t > since + 1.0)
    assert led.page.scene.display_state == "halted"


def test_every_button_has_a_name_for_a_screen_reader(qtbot: QtBot) -> None:
    """The words on it; its key is its description. The picture reads out the cue."""
    led = Led(qtbot, Endless)
    led.until_seen()
    assert list(led.page.buttons) == ["Space", "←", "→", "P", "H", "M", "F", "Esc"]
    for key, button in led.page.buttons.items():
        read = QAccessible.queryAccessibleInterface(button)
        assert read.role() == QAccessible.Role.Button
        assert read.text(QAccessible.Text.Name)[0].isupper()
        assert read.text(QAccessible.Text.Description) == key
    led.press(Key.Key_P)
    led.until_look("pain")
    focus = QApplication.focusWidget()
    assert focus is not None
    assert WORDS["pain_ask"] in focus.accessibleDescription()


def test_every_button_can_be_reached_by_tab(qtbot: QtBot) -> None:
    """From the picture, in the order in which they stand."""
    led = Led(qtbot, Endless)
    led.until_seen()
    reached = []
    for _ in led.page.buttons:
        led.press(Key.Key_Tab)
        reached.append(next(k for k, b in led.page.buttons.items() if b.hasFocus()))
    assert reached == list(led.page.buttons)


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
    [(1920, 1080, 1.0), (1280, 720, 1.0), (1280, 720, 1.5), (850, 560, 1.0), (1275, 560, 1.5)],
)
def test_no_button_is_cut_however_small_the_page(
    qtbot: QtBot, options: str, width: int, height: int, scale: float
) -> None:
    """None overlaps another, all have room for their words, and answers to pain are big."""
    bar = Bar(DARK, scale)
    qtbot.addWidget(bar)
    choices = [Choice(key, key, WORDS[words], list) for key, words in OPTION_SETS[options]]
    others = [Choice("Esc", "Esc", WORDS["do_leave"], list)]
    big = options in PAIN_OPTIONS or options == "halted"
    if options == "halted":
        others = [Choice(key, key, WORDS[words], list) for key, words in HALTED] + others
    if options not in PAIN_OPTIONS:
        others += [Choice(key, key, WORDS[f"do_{words}"], list)
                   for key, words in (("M", "unmute"), ("F", "full"))]  # fmt: skip
    bar.lay(choices, others, big=big)
    bar.resize(width, bar.height())
    bar.arrange(width, height)
    placed = list(bar.buttons.values())
    for button in placed:
        assert bar.rect().adjusted(SIDE, 0, -SIDE, 0).contains(button.geometry())
        assert button.height() >= LOWEST
        assert button.width() >= button.width_at(button.letters_px) - 1
        assert button.letters_px >= 15
    for one in placed:
        assert not any(one.geometry().intersects(o.geometry()) for o in placed if o is not one)
    if big:
        assert all(bar.buttons[choice.name].height() >= 80 for choice in choices)
    elif width >= 1280:
        assert bar.height() <= 0.1 * height


# --- leaving ------------------------------------------------------------------------------------


def test_leaving_is_asked_once_and_sums_up_what_was_done(qtbot: QtBot) -> None:
    """Escape asks, Enter stays, Escape twice leaves, and the summary has the set that was begun."""
    led = Led(qtbot, Endless)
    led.until(lambda: led.page.scene.display_state == "active")
    led.press(Key.Key_Escape)
    led.until_panel(LeavePanel)
    led.until_look("halted")
    led.press(Key.Key_Return)
    led.until(lambda: led.page.panel is None and led.page.scene.display_state != "halted")
    led.press(Key.Key_Escape)
    led.press(Key.Key_Escape)
    led.until_panel(SummaryPage)
    assert led.page.summary is not None
    assert len(led.page.summary.lines) == 1
    assert WORDS["ended"] not in text_lines(led.page.summary, WORDS)


@pytest.mark.parametrize("key", ["H", "Esc"])
def test_pain_needs_no_way_back_from_help_or_the_question(qtbot: QtBot, key: str) -> None:
    """It hurts: P works at any time."""
    led = Led(qtbot, Endless)
    led.until_seen()
    by_key(led, key)
    assert led.page.panel is not None
    by_key(led, "P")
    led.until_look("pain")
    assert led.page.panel is None
    by_key(led, "S")
    led.until(lambda: "Enter" in led.page.buttons)


Step = Callable[[Led], None]


def seen(led: Led) -> None:
    led.until_seen()


def pressed(key: str) -> Step:
    return lambda led: by_key(led, key)


def looks(look: str) -> Step:
    return lambda led: led.until_look(look)


MOMENTS: dict[str, tuple[Step, ...]] = {
    "at once": (),
    "at the first picture": (seen,),
    "in a pause": (seen, pressed("Space"), looks("halted")),
    "in pain": (seen, pressed("P"), looks("pain")),
    "in help": (seen, pressed("H")),
    "in the question": (seen, pressed("Esc")),
}


@pytest.mark.parametrize("when", MOMENTS)
def test_the_window_may_be_closed_at_any_time(qtbot: QtBot, when: str) -> None:
    """All threads are joined and the camera is free when `close` returns; what was done is summed
    up for the terminal."""
    source = Endless()
    led = Led(qtbot, lambda: source)
    for step in MOMENTS[when]:
        step(led)
    led.window.close()
    assert threads() == []
    assert source.closed.is_set()
    assert (led.page.summary is not None) == bool(led.page.loop.accounts)
    QApplication.processEvents()  # what the thread still had to say finds nobody
    assert not isinstance(led.page.panel, SummaryPage)


def test_no_voice_is_made_for_a_window_that_is_closed(qtbot: QtBot) -> None:
    """An engine that takes seconds to come would be left behind."""
    made: list[Voice] = []
    led = Led(qtbot, Endless, voice=lambda: made.append(pretending()) or made[0])  # type: ignore[func-returns-value]
    before = len(made)
    led.window.close()
    qtbot.wait(150)
    assert len(made) == before


# --- troubles -----------------------------------------------------------------------------------


def test_a_lost_camera_is_said_and_the_session_goes_on(qtbot: QtBot) -> None:
    """The stream of a phone ends and comes back."""
    with phone() as app:
        for grey in range(60):
            app.send.put(grey)
        led = Led(qtbot, lambda: open_live([f"{app.address}/video"]))
        led.until(lambda: led.page.judged_t > 0)
        app.send.put(None)
        led.until_look("lost")
        assert led.page.scene.cue == WORDS["halt_camera"]
        led.until(lambda: next(iter(led.page.buttons)) == "P")
        assert led.page.buttons["P"].property("role") != "main"  # nothing hurts

        def found() -> bool:
            app.send.put(250)
            return led.page.scene.display_state != "lost"

        led.until(found)
        led.window.close()


class Unjudged(Endless):
    """Pictures that go on and are seen, of which only the first ones are judged."""

    def __iter__(self) -> Iterator[Frame]:
        for number, frame in enumerate(super().__iter__()):
            yield frame
            if number == 10:
                break
        while not self.closed.wait(0.02):
            assert self.on_frame is not None
            self.on_frame(frame.image.copy())


def test_an_old_skeleton_is_not_drawn_on_a_live_picture(qtbot: QtBot) -> None:
    """A model that stalls leaves the picture alone, and the words."""
    led = Led(qtbot, Unjudged)
    led.until_seen()
    led.until(lambda: led.page.scene.pose is None)
    assert led.page.scene.mark is None
    assert led.page.scene.title == "Child's pose"
    assert led.page.image is not None


def test_the_beginning_is_arranged_as_the_first_moment(qtbot: QtBot) -> None:
    """The picture comes to where it stays: exercise, ring and steps are there from the first."""
    gate = Event()
    led = Led(qtbot, lambda: Endless(gate))
    begun = led.page.scene
    assert begun.cue == WORDS["starting"]
    gate.set()
    led.until_seen()
    now = led.page.scene
    for name in ("title", "exercise", "count", "unit", "sets"):
        assert getattr(begun, name) == getattr(now, name)
    assert len(begun.steps) == len(now.steps)


def test_a_source_that_does_not_open_can_be_tried_again(qtbot: QtBot) -> None:
    """A sentence, Try again, which works as soon as the camera does, and Home."""
    ways: list[Callable[[], Source]] = [Endless, refuses, refuses]
    led = Led(qtbot, lambda: ways.pop()())
    led.until_panel(TroublePanel)
    assert WORDS["trouble_camera"] in texts(led)
    assert led.page.trouble
    led.press(Key.Key_Return)
    assert led.page.trouble == ""
    led.until_panel(TroublePanel)
    led.press(Key.Key_Return)
    led.until_seen()
    assert led.page.panel is None


def test_home_leads_away_from_a_trouble(qtbot: QtBot) -> None:
    """The page of the trouble is left, and home is there."""
    led = Led(qtbot, refuses)
    led.until_panel(TroublePanel)
    led.press(Key.Key_Tab)
    led.press(Key.Key_Return)
    assert led.window.page is led.window.home_page


def test_a_missing_camera_is_said_for_the_window_and_leads_to_the_settings(qtbot: QtBot) -> None:
    """In words of the window, not of the command line; a third button opens the settings."""
    led = Led(qtbot, refuses)
    led.until_panel(TroublePanel)
    shown = texts(led)
    assert WORDS["trouble_camera"] in shown
    assert "No camera answers" not in shown
    for key in (Key.Key_Tab, Key.Key_Tab, Key.Key_Return):
        led.press(key)
    assert isinstance(led.window.page, SettingsPage)


def test_a_page_without_settings_offers_none(qtbot: QtBot) -> None:
    """Another trouble has no word about cameras; without settings there are two buttons."""
    panel = TroublePanel("The model is broken.", WORDS, list, list)
    qtbot.addWidget(panel)
    shown = [each.text() for each in panel.findChildren(QLabel)]
    assert shown == [WORDS["trouble_title"], "The model is broken."]
    assert [each.text() for each in panel.findChildren(QPushButton)] == [
        WORDS["trouble_again"], WORDS["trouble_home"]
    ]  # fmt: skip


def test_a_broken_model_is_a_trouble(qtbot: QtBot, tmp_path: Path) -> None:
    """The camera is let go again."""
    model = tmp_path / "broken.task"
    model.write_bytes(b"no model")
    source = Endless()
    led = Led(qtbot, lambda: source, model=str(model))
    led.until_panel(TroublePanel)
    assert "broken.task" in texts(led)
    assert source.closed.is_set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mistake_in_the_middle_keeps_what_was_counted(qtbot: QtBot) -> None:
    """The summary tells that posecheck, and not the person, ended the session."""
    led = Led(qtbot, lambda: Broken(5))
    led.until_panel(SummaryPage)
    assert led.page.summary is not None
    assert MISTAKE in text_lines(led.page.summary, WORDS)


def test_without_a_voice_the_session_goes_on_and_tells_why(qtbot: QtBot) -> None:
    """What to install is shown once at the beginning, and stays on the page of help."""
    led = Led(qtbot, Endless, voice=lambda: Voice("full", engine="none"))
    (notice,) = led.page.findChildren(Notice)
    qtbot.waitUntil(notice.isVisible)
    assert "Nothing can be spoken" in notice.says.text()
    led.until_seen()
    led.press(Key.Key_H)
    led.until_panel(HelpPanel)
    assert "Nothing can be spoken" in texts(led)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
def test_a_transcript_that_cannot_be_written_is_told_at_the_end(qtbot: QtBot) -> None:
    """The disk is full: the session goes on, its help and its summary say what is missing."""
    transcript = Transcript(Path("/dev/full"))
    led = Led(qtbot, clip, sets=1, hold_s=3.0,
              voice=lambda: Voice("full", engine=MOCK, transcript=transcript))  # fmt: skip
    led.until_panel(SummaryPage)
    assert led.page.loop.complete
    assert led.page.summary is not None
    assert any("/dev/full" in line for line in text_lines(led.page.summary, WORDS))
    with pytest.raises(OutputError):
        transcript.close()
