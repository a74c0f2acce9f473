"""The entry that starts the desk at login: created and removed on request."""

from __future__ import annotations

import plistlib
import shlex
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from posecheck.io.desktop.autostart import (
    agent,
    command,
    entry,
    entry_path,
    install,
    installed,
    is_active,
    quoted,
    remove,
)
from posecheck.io.output import OutputError


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A separate configuration folder of Linux."""
    if sys.platform != "linux":
        pytest.skip("only Linux has this autostart folder")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


def test_it_is_made_on_request_and_removed_again(config: Path) -> None:
    """There is no entry before and none afterwards; both calls may be repeated."""
    assert not installed()
    install()
    install()
    assert installed()
    assert [path.name for path in (config / "autostart").iterdir()] == ["posecheck-desk.desktop"]
    remove()
    remove()
    assert not installed()
    assert list((config / "autostart").iterdir()) == []


def test_it_runs_the_desk_with_this_python(config: Path) -> None:
    """The file is a desktop entry, and its command runs this Python."""
    install()
    parser = RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(config / "autostart" / "posecheck-desk.desktop", encoding="utf-8")
    values = parser["Desktop Entry"]
    assert values["Type"] == "Application"
    assert values["Terminal"] == "false"
    assert shlex.split(values["Exec"]) == [
        *(sys.executable, "-m", "posecheck", "desk", "--patient"),
    ]


def read_exec(text: str) -> list[str]:
    """Read an Exec line as the specification says: escapes of the string, percent signs, and the
    quotes of a shell, for which a shell is used."""
    line = next(line for line in text.splitlines() if line.startswith("Exec="))
    words = line.removeprefix("Exec=").replace("\\\\", "\\").replace("%%", "%")
    run = subprocess.run(["sh", "-c", f"printf '%s\\n' {words}"], capture_output=True, check=True)
    return run.stdout.decode().splitlines()


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sh")
@pytest.mark.parametrize("folder", ["/a b", '/say "hi"', "/50%", "/$HOME`x`", "/back\\slash", "/é"])
def test_a_strange_folder_comes_through(folder: str) -> None:
    """Spaces and characters with a meaning for a shell or for the file."""
    words = (f"{folder}/python", "-m", "posecheck", "desk")
    assert read_exec(entry(words)) == list(words)


def test_every_word_is_quoted() -> None:
    """By the rules of the specification."""
    assert quoted("a") == '"a"'
    assert quoted("$") == r'"\\$"'
    assert quoted("\\") == r'"\\\\"'
    assert quoted("%") == '"%%"'


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled = false"])
def test_switched_off_in_the_desktops_own_tool_is_off(line: str, config: Path) -> None:
    """Such tools mark the file instead of removing it; `install` writes it again."""
    install()
    assert is_active(entry_path().read_text())
    entry_path().write_text(f"[Desktop Entry]\nType=Application\n{line}\n")
    assert not installed()
    install()
    assert installed()


def test_a_folder_that_cannot_be_written_is_a_sentence(config: Path) -> None:
    """Nothing is changed."""
    config.write_text("mine")
    with pytest.raises(OutputError):
        install()
    assert config.read_text() == "mine"
    assert not installed()


def test_without_a_folder_of_its_own_it_is_the_usual_one(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When XDG_CONFIG_HOME is not set or is not an absolute path."""
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    assert entry_path() == Path.home() / ".config" / "autostart" / "posecheck-desk.desktop"


def test_the_launch_agent_of_macos_is_a_property_list() -> None:
    """With the same command, at login."""
    values = plistlib.loads(agent(command()).encode())
    assert values["ProgramArguments"] == list(command())
    assert values["RunAtLoad"] is True
