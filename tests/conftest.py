"""For all tests: windows are drawn in memory, the files of the user who runs them stay as they are,
and missing markers are reported.

`pytest -m "not (model or gui or process or slow)"` is the quick loop. A test that loads the model,
makes a window or starts a process, and lacks the marker for it, fails.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Generator
from tempfile import TemporaryDirectory
from typing import Any

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["LC_ALL"] = "C.UTF-8"  # English, whatever the system's language is
_home = TemporaryDirectory(prefix="posecheck-tests-")  # removed when the process ends
os.environ["POSECHECK_HOME"] = _home.name

STARTS = frozenset(
    {"subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty", "os.exec", "os.system"}
)
"""Audit events of the interpreter that mean another process."""
MODEL_PACKAGE, MODEL_FILE, VERIFY = "mediapipe", ".task", "verify_model"

MARKS = ("model", "gui", "process", "slow")
SLOW_S = 0.4
"""Seconds of processor time from which a test without a mark is named: twice what `slow` means,
because no two machines are equally fast."""

_slow: dict[str, float] = {}
"""Test -> seconds of processor time, of those that take long and have no mark."""
_used: dict[str, str] = {}
"""Marker -> what the running test did that needs it; the first such action."""
_windows_before = 0


def _audit(event: str, args: tuple[Any, ...]) -> None:
    """Remember what needs a marker. Hooks see every event of the interpreter, in all threads."""
    if event in STARTS:
        _used.setdefault("process", f"it started a process ({event})")
    elif event == "import" and args[0] == MODEL_PACKAGE:
        _used.setdefault("model", f"it imported {MODEL_PACKAGE}")
    elif event == "open" and str(args[0]).endswith(MODEL_FILE) and _verifies():
        _used.setdefault("model", f"it opened the pose model {args[0]}")


def _verifies() -> bool:
    """Whether posecheck opens a model, which it verifies first; a test may copy the file."""
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_name == VERIFY:
            return True
    return False


sys.addaudithook(_audit)


def _windows() -> int:
    """How many widgets there are, and one for the application."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None or core.QCoreApplication.instance() is None:
        return 0
    widgets = sys.modules.get("PySide6.QtWidgets")
    return 1 + (0 if widgets is None else len(widgets.QApplication.allWidgets()))


def pytest_collection_finish() -> None:
    """Let the garbage collector leave out the thousands of collected tests, which all stay."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    """Start with nothing used. Fixtures are set up inside, those of the module too."""
    global _windows_before
    if item.get_closest_marker("gui") is not None:
        _silence_while_loading()
    _used.clear()
    _windows_before = _windows()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure what a test of the quick loop costs."""
    began = time.process_time()
    result = yield
    took = time.process_time() - began
    if took > SLOW_S and not any(item.get_closest_marker(mark) for mark in MARKS):
        _slow[item.nodeid] = took
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that make the quick loop slow; on a busy machine any test may be."""
    for name, took in _slow.items():
        terminalreporter.write_line(f"{took:.1f} s of processor time without the mark slow: {name}")


def _silence_while_loading() -> None:
    """Silence Qt while it loads libraries, as the program does. The handler of pytest-qt is Python,
    and would wait for a thread that loads the pose model, for ever."""
    from PySide6.QtCore import QLoggingCategory

    from posecheck.ui.application import SILENT_WHILE_LOADING

    QLoggingCategory.setFilterRules(SILENT_WHILE_LOADING)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Fail a test that passed and lacks a marker for what it used."""
    result = yield
    if _windows() > _windows_before:
        _used.setdefault("gui", "it created a Qt application or a window")
    missing = {mark: why for mark, why in _used.items() if item.get_closest_marker(mark) is None}
    for mark, why in missing.items():
        pytest.fail(
            f"{item.nodeid} lacks @pytest.mark.{mark}: {why}. Add the marker, or use recorded "
            "detections (CONTRIBUTING.md, Test).",
            pytrace=False,
        )
    return result
