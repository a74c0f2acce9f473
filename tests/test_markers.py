"""The guard of the markers: a test that uses more than its markers say fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parent / "conftest.py"
SUITE = """
import subprocess, sys
import pytest

@pytest.fixture(scope="module")
def started():
    subprocess.run([sys.executable, "-c", ""], check=True)

@pytest.fixture(scope="module")
def estimator():
    from posecheck.io.vision.estimator import Estimator
    with Estimator("lite") as estimator:
        yield estimator

def window():
    from PySide6.QtWidgets import QApplication, QWidget
    return QApplication.instance() or QApplication([]), QWidget()

def test_nothing(): pass

@pytest.mark.process
def test_marked(): subprocess.run([sys.executable, "-c", ""], check=True)

def test_process(): subprocess.run([sys.executable, "-c", ""], check=True)

def test_process_of_a_fixture(started): pass

def test_fork():
    import os
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)

def test_model(estimator): pass

def test_model_again():
    from posecheck.io.vision.estimator import Estimator
    Estimator("lite").close()

@pytest.mark.model
def test_marked_model():
    from posecheck.io.vision.estimator import Estimator
    Estimator("lite").close()

kept = []

def test_window(): kept.append(window())

def test_window_again(): kept.append(window())

@pytest.mark.gui
def test_marked_window(): kept.append(window())

@pytest.mark.gui
def test_gui_and_process():
    kept.append(window())
    subprocess.run([sys.executable, "-c", ""], check=True)
"""
LACKING = {
    "test_process": "process",
    "test_process_of_a_fixture": "process",
    "test_fork": "process",
    "test_model": "model",
    "test_model_again": "model",
    "test_window": "gui",
    "test_window_again": "gui",
    "test_gui_and_process": "process",
}
PASSING = {"test_nothing", "test_marked", "test_marked_model", "test_marked_window"}


@pytest.mark.process
@pytest.mark.model
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_a_missing_marker_is_named(tmp_path: Path) -> None:
    """In a suite of its own, with the same conftest.py: also when an earlier test has loaded the
    model or made a window already."""
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "test_suite.py").write_text(SUITE, encoding="utf-8")
    marks = [f"--override-ini=markers={mark}" for mark in ("model\ngui\nprocess",)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rfp", "-p", "no:cacheprovider", *marks, "."],
        capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    for test, mark in LACKING.items():
        said = [line for line in lines if line.startswith(f"test_suite.py::{test} lacks ")]
        assert len(said) == 1, done.stdout
        assert f"lacks @pytest.mark.{mark}: it " in said[0]
    passed = {line.split("::")[1] for line in lines if line.startswith("PASSED ")}
    assert passed == PASSING, done.stdout
