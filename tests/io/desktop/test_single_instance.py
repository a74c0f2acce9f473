"""The lock of the desk in folders that tell nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from posecheck.io.desktop.single_instance import (
    LOCK_FILE,
    REQUEST_FILE,
    SILENT,
    SingleInstance,
)
from posecheck.io.requirements import SystemProblem

unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")


def _folder(path: Path) -> None:
    (path / LOCK_FILE).mkdir()


def _link(path: Path) -> None:
    (path / LOCK_FILE).symlink_to(path / "victim")


def _forbidden(path: Path) -> None:
    (path / LOCK_FILE).touch(mode=0)


def _read_only(path: Path) -> None:
    path.chmod(0o555)


@unix
@pytest.mark.parametrize(
    ("damage", "way"),
    [
        (_folder, "Remove that file."),
        (_link, "Remove that file."),
        (_forbidden, "Remove that file."),
        (_read_only, "set POSECHECK_HOME to another folder."),
    ],
)
def test_a_lock_that_cannot_be_opened_is_not_taken_for_a_running_desk(
    damage: Callable[[Path], None], way: str
) -> None:
    """The sentence names the file and says what to do."""
    with TemporaryDirectory() as name:  # not tmp_path, whose parents only root may enter
        folder = Path(name)
        folder.chmod(0o777)
        damage(folder)
        me = os.geteuid()
        if me == 0:
            os.seteuid(65534)  # root may open everything
        try:
            with pytest.raises(SystemProblem) as caught:
                SingleInstance(folder).take()
        finally:
            os.seteuid(me)
            folder.chmod(0o777)
        assert not (folder / "victim").exists()
    assert str(caught.value).startswith("posecheck cannot tell whether it is watching the desk")
    assert str(folder / LOCK_FILE) in str(caught.value)
    assert str(caught.value).endswith(way)


def test_a_desk_that_does_not_answer_is_named(tmp_path: Path) -> None:
    """By its process; the request is taken back, so that no window opens by itself later."""
    first = SingleInstance(tmp_path)
    first.take()
    with pytest.raises(SystemProblem) as caught:
        SingleInstance(tmp_path, answer_s=0.2).take()
    assert str(caught.value) == SILENT.format(pid=os.getpid())
    assert not (tmp_path / REQUEST_FILE).exists()
    first.release()
    second = SingleInstance(tmp_path)
    second.take()
    second.release()


@pytest.mark.process
def test_the_lock_of_a_program_that_was_killed_is_free(tmp_path: Path) -> None:
    """Whatever it has left behind."""
    code = (
        "import os, sys; from pathlib import Path\n"
        "from posecheck.io.desktop.single_instance import SingleInstance\n"
        "one = SingleInstance(Path(sys.argv[1])); one.take(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path], check=False, timeout=60)
    assert (tmp_path / LOCK_FILE).read_text()
    instance = SingleInstance(tmp_path)
    instance.take()
    instance.release()
