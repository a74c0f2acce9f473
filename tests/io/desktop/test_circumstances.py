"""Whether the user may be disturbed: answers of the parts of a desktop are read correctly."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from programs import program

from posecheck.desk.alerts import Circumstances
from posecheck.io.desktop.circumstances import (
    DesktopState,
    findings_of,
    in_quiet_hours,
    on_work_days,
)
from posecheck.io.desktop.dbus import is_local
from posecheck.io.desktop.facts import Facts
from posecheck.io.desktop.linux import (
    active_window,
    capture_streams,
    capture_users,
    fills_screen,
    is_capturing,
    listeners,
    on_battery,
)
from posecheck.io.desktop.mac import draws_battery, shows_lock
from posecheck.io.desktop.programs import answer_of
from posecheck.io.desktop.windows import programs_in_use

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
linux = pytest.mark.skipif(sys.platform != "linux", reason="parts of a Linux desktop")

# --- the microphone -----------------------------------------------------------------------------

OUTPUTS = """\
Source Output #0
	Driver: protocol-native.c
	Owner Module: 0
	Client: 2
	Source: 0
	Sample Specification: s16le 2ch 44100Hz
	Corked: no
	Mute: no
	Volume: front-left: 65536 / 100% / 0.00 dB,   front-right: 65536 / 100% / 0.00 dB
	Buffer Latency: 66643 usec
	Resample method: n/a
	Properties:
		application.name = "parec"
		media.name = "parec"
		application.process.id = "14190"
		application.process.binary = "pacat"

Source Output #1
	Driver: module-loopback.c
	Owner Module: 3
	Client: n/a
	Source: 0
	Corked: no
	Mute: no
	Resample method: n/a
	Properties:
		media.role = "abstract"
		media.name = "Loopback to Null Output"

Source Output #2
	Driver: protocol-native.c
	Owner Module: 0
	Client: 4
	Source: 1
	Corked: no
	Mute: no
	Resample method: n/a
	Properties:
		application.name = "recorder of the loudspeaker"
		application.process.id = "14191"
"""
"""Output of pactl 16.1, shortened: a recorder, a part of the sound server, and the sound of the
loudspeaker."""

SOURCES = """\
0\tmic\tmodule-null-source.c\ts16le 2ch 44100Hz\tRUNNING
1\tspeaker.monitor\tmodule-null-sink.c\ts16le 2ch 44100Hz\tRUNNING
"""


def users(outputs: str, own: int = 1) -> tuple[str, ...]:
    return listeners(list(capture_streams(outputs)), SOURCES, own)


def test_programs_that_record_are_found_by_name() -> None:
    """The sound server itself and a recorder of the loudspeaker do not count."""
    assert users(OUTPUTS) == ("parec",)
    assert users("") == ()


def test_this_program_is_not_a_call() -> None:
    """A recording by this process does not count."""
    assert users(OUTPUTS, own=14190) == ()


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("Corked: no", "Corked: yes"),
        ("Resample method: n/a", "Resample method: peaks"),
        ('media.name = "parec"', 'stream.monitor = "true"'),
        ('media.name = "parec"', 'stream.capture.sink = "true"'),
        ('media.name = "parec"', 'node.link-group = "filter-chain-7"'),
    ],
)
def test_a_stream_without_a_speaker_is_not_a_call(line: str, instead: str) -> None:
    """A halted stream, a level meter, the sound of the loudspeaker, a filter of PipeWire."""
    assert users(OUTPUTS.replace(line, instead, 1)) == ()


def test_a_muted_call_is_a_call() -> None:
    """A user who has muted the microphone is still listening."""
    assert users(OUTPUTS.replace("Mute: no", "Mute: yes", 1)) == ("parec",)


def test_a_program_without_a_name_counts_once_each() -> None:
    """Two streams of one program are one program."""
    nameless = OUTPUTS.replace('application.name = "parec"', 'a.b = "c"').replace(
        "Source: 1", "Source: 0"
    )
    assert users(nameless) == ("a program", "recorder of the loudspeaker")
    assert users(OUTPUTS + OUTPUTS) == ("parec",)


RUNNING = """\
state: RUNNING
owner_pid   : 2411
trigger_time: 8051.216937846
tstamp      : 0.000000000
delay       : 480
"""


def test_alsa_reports_a_recording_by_others(tmp_path: Path) -> None:
    """From the state files of the kernel; those of playback do not count."""
    assert is_capturing(RUNNING, own=1)
    assert not is_capturing(RUNNING, own=2411)
    assert not is_capturing("closed", own=1)
    assert capture_users(tmp_path / "asound", 1) is None
    for device, text in (("pcm0p", RUNNING), ("pcm0c", "closed\n")):
        folder = tmp_path / "asound" / "card0" / device / "sub0"
        folder.mkdir(parents=True)
        (folder / "status").write_text(text)
    assert capture_users(tmp_path / "asound", 1) == ()
    (tmp_path / "asound/card0/pcm0c/sub0/status").write_text(RUNNING)
    assert capture_users(tmp_path / "asound", 1) == ("a program",)


def test_windows_names_programs_whose_use_has_not_ended() -> None:
    """Times from the registry: an end of 0 has not happened yet."""
    own = "C:\\Python\\pythonw.exe"
    uses = [
        ("C:#Program Files#Zoom#Zoom.exe", 133_000, 0),
        ("Microsoft.WindowsSoundRecorder_8wekyb3d8bbwe", 5, 9),
        ("C:#python#PythonW.exe", 133_000, 0),
        ("never", 0, 0),
    ]
    assert programs_in_use(uses, own) == ("Zoom.exe",)


# --- the window in front ------------------------------------------------------------------------

WINDOW = """\
_NET_WM_STATE(ATOM) = _NET_WM_STATE_FULLSCREEN, _NET_WM_STATE_FOCUSED
_NET_WM_PID(CARDINAL) = 4711
"""


def test_a_full_screen_window_of_others_is_found() -> None:
    """A large window does not count, nor does this program's own session."""
    assert fills_screen(WINDOW, own=1)
    assert not fills_screen(WINDOW, own=4711)
    assert not fills_screen(WINDOW.replace("FULLSCREEN", "MAXIMIZED_VERT"), own=1)
    assert not fills_screen("_NET_WM_STATE:  not found.\n_NET_WM_PID:  not found.\n", own=1)


def test_the_active_window_is_read() -> None:
    """Also when there is none, in both forms that window managers use."""
    assert active_window("_NET_ACTIVE_WINDOW(WINDOW): window id # 0x2000007\n") == "0x2000007"
    assert active_window("_NET_ACTIVE_WINDOW(WINDOW): window id # 0x0\n") == ""
    assert active_window("_NET_ACTIVE_WINDOW:  not found.\n") == ""


X11 = """
import ctypes, os, subprocess, sys
from posecheck.io.desktop.linux import full_screen

code = '''
from PySide6.QtGui import QGuiApplication, QWindow
app = QGuiApplication([])
window = QWindow()
window.show()
print(int(window.winId()), flush=True)
app.exec()
'''

def put(where, name, kind, value):
    subprocess.run(["xprop", *where, "-f", name, kind, "-set", name, value], check=True)

def bring_to_front(window):
    # As a window manager does; xprop cannot set a property of the type WINDOW (33).
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = x11.XInternAtom.restype = ctypes.c_ulong
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
    atom = ctypes.c_ulong(x11.XInternAtom(display, b"_NET_ACTIVE_WINDOW", 0))
    value = ctypes.byref(ctypes.c_ulong(window))
    x11.XChangeProperty(display, root, atom, ctypes.c_ulong(33), 32, 0, value, 1)
    x11.XCloseDisplay(display)

print(full_screen())
child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True,
                         env=os.environ | {"QT_QPA_PLATFORM": "xcb"})
window = hex(int(child.stdout.readline()))
bring_to_front(int(window, 16))
print(full_screen())
put(["-id", window], "_NET_WM_STATE", "32a", "_NET_WM_STATE_FULLSCREEN")
print(full_screen())
put(["-id", window], "_NET_WM_PID", "32c", str(os.getpid()))
print(full_screen())
child.kill()
child.wait()
print(full_screen())
"""


@pytest.mark.process
@linux
def test_the_window_in_front_of_a_real_display() -> None:
    """Without a window manager (unknown); ordinary; full; full but our own; closed."""
    run = program("xvfb-run")
    program("xprop")
    command = [run, "-a", sys.executable, "-c", X11]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["None", "False", "True", "False", "None"], done.stderr


# --- the battery --------------------------------------------------------------------------------


def supply(folder: Path, name: str, **values: str) -> None:
    (folder / name).mkdir(parents=True)
    for key, text in values.items():
        (folder / name / key).write_text(f"{text}\n")


def test_the_battery_of_the_computer_is_what_counts(tmp_path: Path) -> None:
    """The battery of a mouse and a charging battery do not count; a desktop computer has none."""
    assert on_battery(tmp_path / "absent") is None
    supply(tmp_path, "hidpp_battery_0", type="Battery", scope="Device", status="Discharging")
    assert on_battery(tmp_path) is False
    supply(tmp_path, "BAT0", type="Battery", status="Discharging")
    assert on_battery(tmp_path) is True
    supply(tmp_path, "AC", type="Mains", online="0")
    assert on_battery(tmp_path) is True
    (tmp_path / "AC" / "online").write_text("1\n")
    assert on_battery(tmp_path) is False


def test_macos_reports_its_battery_and_its_lock() -> None:
    """In the forms of Apple's manual pages; anything else is unknown."""
    assert draws_battery("Now drawing from 'Battery Power'\n -InternalBattery-0 80%\n") is True
    assert (
        draws_battery("Now drawing from 'AC Power'\n -InternalBattery-0 'Battery Power'") is False
    )
    assert draws_battery(None) is None
    user = "<key>kCGSSessionOnConsoleKey</key><true/>"
    lock = "<key>CGSSessionScreenIsLocked</key><true/>"
    plist = "<plist><dict><key>IOConsoleUsers</key><array><dict>{}</dict></array></dict></plist>"
    assert shows_lock(plist.format(user + lock)) is True
    assert shows_lock(plist.format(user)) is False
    for text in (None, "", "x", "<plist/>", "<plist><dict/></plist>", "<plist><array/></plist>"):
        assert shows_lock(text) is None


# --- quiet hours --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begins", "ends", "clock", "quiet"),
    [
        ("12:00", "13:00", "11:59", False),
        ("12:00", "13:00", "12:00", True),
        ("12:00", "13:00", "13:00", False),
        ("22:00", "07:00", "21:59", False),
        ("22:00", "07:00", "23:30", True),
        ("22:00", "07:00", "00:00", True),
        ("22:00", "07:00", "07:00", False),
        ("12:00", "12:00", "12:00", False),
        ("", "12:00", "11:00", False),
        ("12:00", "", "13:00", False),
    ],
)
def test_quiet_hours_follow_local_time(begins: str, ends: str, clock: str, quiet: bool) -> None:
    """Also over midnight; the start is included, the end is not; half a pair means none."""
    now = datetime.fromisoformat(f"2026-03-02T{clock}:00+09:00")
    assert in_quiet_hours(now, begins, ends) is quiet


def test_a_day_without_work_is_quiet() -> None:
    """Saturday and Sunday of a user who works from Monday to Friday; a call stays a call."""
    found = Circumstances(in_call=True)
    week = [on_work_days(found, datetime(2026, 3, day), (1, 2, 3, 4, 5)) for day in range(2, 9)]
    assert [each.quiet_hours for each in week] == [False] * 5 + [True] * 2
    assert all(each.in_call for each in week)


# --- the state of the desktop -------------------------------------------------------------------


class Given:
    """A desktop that gives fixed answers, or fails, and counts the calls."""

    def __init__(self, facts: Facts | None, locked: bool | None = None) -> None:
        self._facts, self._locked = facts, locked
        self.asked = self.asked_lock = 0

    def facts(self) -> Facts:
        self.asked += 1
        if self._facts is None:
            raise OSError("broken")
        return self._facts

    def locked(self) -> bool | None:
        self.asked_lock += 1
        if self._facts is None:
            raise OSError("broken")
        return self._locked


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), Circumstances()),
        (Facts((), False, False, False, False), Circumstances()),
        (Facts(battery=True), Circumstances()),
        (Facts(microphone=("Zoom",)), Circumstances(in_call=True)),
        (Facts(full_screen=True), Circumstances(full_screen=True)),
        (Facts(sharing=True), Circumstances(sharing=True)),
        (Facts(do_not_disturb=True), Circumstances(quiet_hours=True)),
        (None, Circumstances()),
    ],
)
def test_only_known_facts_forbid_a_message(facts: Facts | None, expected: Circumstances) -> None:
    """Unknown facts and failures forbid nothing."""
    state = DesktopState(desktop=Given(facts))
    state.poll()
    assert state.circumstances(NOON) == expected
    state.close()


def test_quiet_hours_may_change_while_it_runs() -> None:
    """When the user changes the settings."""
    state = DesktopState(("11:00", "13:00"), Given(Facts()))
    assert state.circumstances(NOON).quiet_hours
    state.quiet = ("", "")
    assert not state.circumstances(NOON).quiet_hours
    state.close()


def test_frequent_questions_cause_few_polls() -> None:
    """A thousand questions within a second cause one poll of each kind and cost next to nothing."""
    desktop = Given(Facts(microphone=("Zoom",), battery=True), locked=True)
    state = DesktopState(desktop=desktop)
    state.circumstances(NOON)
    state.close()
    before = time.process_time()
    answers = {(state.circumstances(NOON), state.on_battery(), state.locked()) for _ in range(1000)}
    assert time.process_time() - before < 0.4
    assert answers == {(Circumstances(in_call=True), True, True)}
    assert (desktop.asked, desktop.asked_lock) == (1, 1)
    assert state.locked(at_once=True)
    assert desktop.asked_lock == 2


def test_the_first_question_gets_a_fresh_answer() -> None:
    """After a pause, the answer is not older than the call that has begun meanwhile."""
    state = DesktopState(desktop=Given(Facts(microphone=("Zoom",))))
    assert state.circumstances(NOON).in_call
    state.close()


def test_a_broken_desktop_is_not_locked() -> None:
    """Otherwise the camera would stay off for ever."""
    state = DesktopState(desktop=Given(None))
    assert not state.locked()
    assert not state.on_battery()
    state.close()


def test_unknown_facts_are_reported() -> None:
    """One sentence for each; none where everything is known."""
    assert all(each.ok for each in findings_of(Facts((), False, False, False, False), False))
    unknown = DesktopState(desktop=Given(Facts())).unknown
    assert "Calls: calls cannot be noticed." in unknown
    assert len(unknown) == 5
    findings = findings_of(Facts(microphone=("Zoom", "OBS")), None)
    assert findings[0].text == "Zoom, OBS uses the microphone now"


@pytest.mark.process
def test_this_computer_can_be_polled() -> None:
    """Whatever it is: it answers in time and does not fail."""
    begin = time.perf_counter()
    state = DesktopState()
    facts, locked = state.poll(), state.locked()
    names = [each.name for each in findings_of(facts, locked)]
    assert names == ["Calls", "Full screen", "Quiet", "Screen lock", "Battery"]
    assert time.perf_counter() - begin < 10


# --- programs and buses -------------------------------------------------------------------------


@pytest.mark.process
@linux
def test_a_program_that_is_absent_fails_or_hangs_gives_no_answer() -> None:
    """After about a second at most."""
    assert answer_of("printf", "%s", "fine") == "fine"
    assert answer_of("posecheck-has-no-such-program") is None
    assert answer_of("false") is None
    begin = time.perf_counter()
    assert answer_of("sleep", "30") is None
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("unix:path=/run/user/1000/bus", True),
        ("unix:abstract=/tmp/dbus-x,guid=1;unix:path=/x", True),
        ("tcp:host=192.168.0.7,port=5000", False),
        ("unix:path=/x;nonce-tcp:host=example.org", False),
        ("autolaunch:", False),
        ("", False),
    ],
)
def test_only_a_bus_of_this_computer_is_asked(address: str, local: bool) -> None:
    """An address of another computer is refused; nothing leaves this machine."""
    assert is_local(address) is local


SAVER = """
import sys
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, QSocketNotifier, Signal, Slot
from PySide6.QtDBus import QDBusConnection

app = QCoreApplication([])

@ClassInfo({"D-Bus Interface": "org.freedesktop.ScreenSaver"})
class Saver(QObject):
    ActiveChanged = Signal(bool)
    active = False

    @Slot(result=bool)
    def GetActive(self):
        return self.active

    def change(self):
        self.active = sys.stdin.readline() == "lock\\n"
        self.ActiveChanged.emit(self.active)

saver, bus = Saver(), QDBusConnection.sessionBus()
everything = QDBusConnection.RegisterOption.ExportAllContents
assert bus.registerObject("/org/freedesktop/ScreenSaver", saver, everything)
assert bus.registerService("org.freedesktop.ScreenSaver")
notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
notifier.activated.connect(saver.change)
print("ready", flush=True)
app.exec()
"""

WATCH = """
import subprocess, sys, time
from PySide6.QtCore import QCoreApplication
from posecheck.io.desktop.circumstances import DesktopState
from posecheck.io.desktop.screen_lock import LockWatch

app = QCoreApplication([])
saver = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, text=True)
assert saver.stdout.readline() == "ready\\n"
state = DesktopState()
watch, seen = LockWatch(state), []
watch.changed.connect(lambda locked: seen.append((locked, time.perf_counter())))
if sys.argv[2] == "poll":
    watch.blockSignals(True)
for text, expected in (("lock", True), ("unlock", False)):
    begin = time.perf_counter()
    saver.stdin.write(text + "\\n")
    saver.stdin.flush()
    while state.locked() is not expected if sys.argv[2] == "poll" else len(seen) == (not expected):
        assert time.perf_counter() - begin < 5
        if sys.argv[2] == "signal":
            app.processEvents()
    print(expected, round(time.perf_counter() - begin, 3))
saver.kill()
saver.wait()
"""


def on_a_bus(code: str, *words: str) -> list[str]:
    """The output of a program on a separate message bus."""
    run = program("dbus-run-session")
    command = [run, "--", sys.executable, "-c", code, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.process
@linux
@pytest.mark.parametrize("way", ["signal", "poll"])
def test_the_lock_is_noticed_within_a_second(way: str) -> None:
    """A real screen saver on a real bus: by its signal, and by polling alone."""
    lines = [line.split() for line in on_a_bus(WATCH, SAVER, way)]
    assert [line[0] for line in lines] == ["True", "False"]
    assert all(float(line[1]) < 1.0 for line in lines)
