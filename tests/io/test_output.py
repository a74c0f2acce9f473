"""Results that are written completely or not at all, and never over what is not their own."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from posecheck.io.output import (
    LONGEST_NAME,
    OutputError,
    fitting,
    prepare_folder,
    remove_parts,
    replacing,
)
from posecheck.io.results_folder import (
    claimed,
    default_folder,
    exports_in,
    mark_video,
    may_replace_video,
    recording_id,
    stem_of,
)


class TestReplacing:
    def test_the_file_is_whole_and_private(self, tmp_path: Path) -> None:
        path = tmp_path / "result.json"
        path.write_text("old")
        with replacing(path) as part:
            part.write_text("new")
            assert path.read_text() == "old"
        assert [each.name for each in tmp_path.iterdir()] == ["result.json"]
        assert path.read_text() == "new"
        if os.name == "posix":
            assert path.stat().st_mode & 0o777 == 0o600

    def test_a_failure_leaves_the_old_file(self, tmp_path: Path) -> None:
        path = tmp_path / "result.json"
        path.write_text("old")

        def fail(part: Path) -> None:
            part.write_text("half")
            raise KeyError

        with pytest.raises(KeyError), replacing(path) as part:
            fail(part)
        assert path.read_text() == "old"
        assert len(list(tmp_path.iterdir())) == 1

    def test_temporary_names_cannot_be_foreseen(self, tmp_path: Path) -> None:
        names = set()
        for _ in range(20):
            with replacing(tmp_path / "result.json") as part:
                names.add(part.name)
        assert len(names) == 20

    @pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
    def test_a_planted_link_is_not_followed(self, tmp_path: Path) -> None:
        """Neither at the names that were used before, nor at the result's own."""
        treasure = tmp_path / "treasure"
        treasure.write_text("mine")
        folder = tmp_path / "out"
        folder.mkdir()
        for name in (f".posecheck-{os.getpid()}", ".result.part.json", "result.json"):
            (folder / name).symlink_to(treasure)
        prepare_folder(folder)
        with replacing(folder / "result.json") as part:
            part.write_text("result")
        assert treasure.read_text() == "mine"
        assert not (folder / "result.json").is_symlink()

    def test_a_long_name_is_no_trouble_and_a_longer_one_a_sentence(self, tmp_path: Path) -> None:
        with replacing(tmp_path / ("x" * 250 + ".json")) as part:
            part.write_text("new")
        longer = replacing(tmp_path / ("x" * 300 + ".json"))
        with pytest.raises(OutputError, match=r"too long\. Choose a shorter name"), longer:
            pass
        assert len(list(tmp_path.iterdir())) == 1

    def test_only_its_own_parts_are_removed(self, tmp_path: Path) -> None:
        kept = [".posecheck-1.part", ".posecheck", "a.part", f".posecheck-{'0' * 16}.json"]
        for name in (*kept, f".posecheck-{'0f' * 8}.part.mp4", f".posecheck-{'a1' * 8}.part"):
            (tmp_path / name).touch()
        remove_parts(tmp_path)
        assert sorted(each.name for each in tmp_path.iterdir()) == sorted(kept)


def test_names_are_cut_between_characters() -> None:
    name = fitting("ü" * 200, "-posecheck")
    assert len(name.encode()) <= LONGEST_NAME
    assert name.startswith("ü" * 100)
    assert name.endswith("ü-posecheck")


def recording(path: Path, content: bytes = b"pictures") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def write_results(folder: Path, recorded: str, exports: Sequence[str] = ()) -> None:
    (folder / "frames.jsonl").write_text('{"t": 0, "state": "ready", "measures": {}}\n')
    about = {"posecheck": "1", "recording": recorded, "exports": list(exports)}
    (folder / "summary.json").write_text(json.dumps(about))


class TestFolders:
    @pytest.fixture(autouse=True)
    def _inside(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    def results_of(self, path: Path, out: Path | None = None) -> str:
        with claimed(out or default_folder(path), path, numbered=out is None) as (folder, recorded):
            write_results(folder, recorded)
        return str(folder)

    def test_the_same_recording_replaces_its_results(self) -> None:
        clip = recording(Path("clip.mp4"))
        assert [self.results_of(clip) for _ in range(3)] == ["clip-posecheck"] * 3

    def test_other_recordings_of_the_same_name_do_not(self) -> None:
        """In another folder, of another kind, or another recording in the same place."""
        folders = [
            self.results_of(recording(Path("A/clip.mp4"))),
            self.results_of(recording(Path("B/clip.mp4"))),
            self.results_of(recording(Path("A/clip.mkv"))),
            self.results_of(recording(Path("A/clip.mp4"), b"the next day")),
        ]
        assert folders == ["clip-posecheck", *(f"clip-posecheck-{n}" for n in (2, 3, 4))]
        assert self.results_of(Path("B/clip.mp4")) == "clip-posecheck-2"

    def test_folders_of_images_are_named_by_their_whole_name(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for day in ("2024.01.05", "2024.01.06"):
            recording(Path(day) / "1.png")
            assert self.results_of(Path(day)) == f"{day}-posecheck"
        monkeypatch.chdir("2024.01.05")
        assert stem_of(Path()) == "2024.01.05"

    @pytest.mark.parametrize("content", ['{"diary": true}', "not json", "[" * 100_000])
    @pytest.mark.parametrize("name", ["summary.json", "frames.jsonl"])
    def test_a_users_own_file_is_never_replaced(self, name: str, content: str) -> None:
        clip, out = recording(Path("clip.mp4")), Path("out")
        out.mkdir()
        (out / name).write_text(content)
        with pytest.raises(OutputError, match=rf"{name} is there already"):
            self.results_of(clip, out)
        assert (out / name).read_text() == content
        assert len(list(out.iterdir())) == 1

    def test_a_given_folder_with_results_of_another_recording_is_refused(self) -> None:
        out = Path("out")
        self.results_of(recording(Path("A.mp4"), b"A"), out)
        with pytest.raises(OutputError, match="not posecheck's result of this recording"):
            self.results_of(recording(Path("B.mp4"), b"B"), out)
        assert self.results_of(Path("A.mp4"), out) == "out"

    def test_frames_that_a_killed_run_left_are_replaced(self) -> None:
        clip, out = recording(Path("clip.mp4")), Path("out")
        self.results_of(clip, out)
        (out / "summary.json").unlink()
        (out / f".posecheck-{'0' * 16}.part.jsonl").touch()
        assert self.results_of(clip, out) == "out"
        assert sorted(each.name for each in out.iterdir()) == ["frames.jsonl", "summary.json"]

    def test_exported_landmarks_replace_their_own_kind_alone(self) -> None:
        clip, out, trc = recording(Path("clip.mp4")), Path("out"), Path("out/clip.trc")
        out.mkdir()
        trc.write_text("my own")
        refused = pytest.raises(OutputError, match=r"clip\.trc is there already")
        with refused, claimed(out, clip, exports=["clip.trc"]):
            pass
        assert trc.read_text() == "my own"
        trc.unlink()
        with claimed(out, clip, exports=["clip.trc"]) as (folder, recorded):
            write_results(folder, recorded, ["clip.trc"])
            assert exports_in(folder) == []
            trc.write_text("points")
        assert exports_in(out) == ["clip.trc"]
        with claimed(out, clip, exports=["clip.trc"]):
            pass
        refused = pytest.raises(OutputError, match=r"clip\.csv is there already")
        (out / "clip.csv").write_text("my own")
        with refused, claimed(out, clip, exports=["clip.trc", "clip.csv"]):
            pass

    def test_two_runs_do_not_share_a_folder(self) -> None:
        a, b = recording(Path("A/clip.mp4")), recording(Path("B/clip.mp4"))
        place = Path("clip-posecheck")
        with (
            claimed(place, a, numbered=True) as (first, _),
            claimed(place, b, numbered=True) as (second, _),
        ):
            assert (str(first), str(second)) == ("clip-posecheck", "clip-posecheck-2")
        busy = pytest.raises(OutputError, match="Another posecheck writes its results")
        with claimed(Path("out"), a), busy:
            self.results_of(b, Path("out"))
        assert self.results_of(b, Path("out")) == "out"

    def test_a_recording_that_is_gone(self) -> None:
        with pytest.raises(OutputError, match=r"gone\.mp4"):
            self.results_of(Path("gone.mp4"))


class TestVideos:
    def test_only_a_video_of_the_same_recording_is_replaced(self, tmp_path: Path) -> None:
        path = tmp_path / "clip.mp4"
        clip = recording(tmp_path / "recording.mp4")
        assert may_replace_video(path, "a" * 32)
        path.write_bytes(b"a holiday")
        assert not may_replace_video(path, "a" * 32)
        mark_video(path, "a" * 32)
        assert may_replace_video(path, "a" * 32)
        assert not may_replace_video(path, "b" * 32)
        refused = pytest.raises(OutputError, match=r"clip\.mp4 is there already")
        with refused, claimed(tmp_path, clip, ["clip.mp4"]):
            pass

    def test_an_identity_tells_nothing_of_the_place(self, tmp_path: Path) -> None:
        recorded = recording_id(recording(tmp_path / "clip.mp4"))
        assert len(recorded) == 32
        assert int(recorded, 16) >= 0
