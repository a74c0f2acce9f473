"""What a session said, in a file that replaces only earlier transcripts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from posecheck.io.audio.transcript import Transcript
from posecheck.io.output import OutputError


def written(path: Path, text: str) -> str:
    with Transcript(path) as transcript:
        transcript.say(1.0, text)
        transcript.tone(2.0, "rep")
    return path.read_text(encoding="utf-8")


def test_an_earlier_transcript_is_replaced_and_only_the_user_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "said.txt"
    path.touch(0o644)
    assert '"Breathe in."' in written(path, "Breathe in.")
    again = written(path, "Out.")
    assert again == '   1.0 s  says   "Out."\n   2.0 s  tone   rep\n'
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["Dear diary", "1.0 s says nothing", "\0\1", "\n" * 9])
def test_a_users_own_file_stays(tmp_path: Path, text: str) -> None:
    path = tmp_path / "said.txt"
    path.write_text(text)
    with pytest.raises(OutputError, match="not a transcript"):
        Transcript(path)
    assert path.read_text() == text


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file")
def test_what_is_no_file_is_written_to(tmp_path: Path) -> None:
    with Transcript(Path(os.devnull)) as transcript:
        transcript.say(1.0, "Breathe in.")
    assert Path(os.devnull).is_char_device()
