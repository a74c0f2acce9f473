"""The commands as the user runs them: real clips, the real model, and everything that can go wrong.

A refused command prints one sentence on stderr and exits with 2, never with a traceback.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from posecheck import __version__
from posecheck.io.paths import data_folder
from posecheck.io.vision.opencv import cv2

pytestmark = pytest.mark.process

CLIP = Path(__file__).parent / "clips" / "childs_pose_beth_R.mp4"
Image = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
WRONG_VIEW = Path(__file__).parent / "clips" / "wrong_view_hinge_adam.mp4"
LITE = ("--model", "lite")


def posecheck(
    *args: object, cwd: Path | None = None, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "posecheck", *map(str, args)],
        capture_output=True, text=True, encoding="utf-8", cwd=cwd, preexec_fn=before, timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}, check=False,
    )  # fmt: skip


def refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert done.returncode == 2, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2


def video(path: Path, frames: int = 20, noise: bool = False) -> Path:
    """Write a plain grey video, or one of noise, without a person."""
    random = np.random.default_rng(1)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, (160, 120))
    for _ in range(frames):
        grey = np.full((120, 160, 3), 90, np.uint8)
        writer.write(random.integers(0, 255, grey.shape, np.uint8) if noise else grey)
    writer.release()
    return path


def rewritten(clip: Path, path: Path, change: Callable[[Image], Image]) -> Path:
    """Write a clip with every picture changed, as Motion JPEG."""
    capture, writer = cv2.VideoCapture(str(clip)), None
    while True:
        found, image = capture.read()
        if not found:
            break
        changed = change(np.asarray(image, np.uint8))
        if writer is None:
            size = changed.shape[1], changed.shape[0]
            writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 15, size)
        writer.write(changed)
    capture.release()
    assert writer is not None
    writer.release()
    return path


def frames_of(folder: Path) -> list[dict[str, object]]:
    text = (folder / "frames.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


# --- analyze ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of the child's pose clip, with every output switched on."""
    out = tmp_path_factory.mktemp("work") / "deep" / "out"
    done = posecheck("analyze", CLIP, "-e", "childs_pose", "--out", out, "--video", *LITE)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.startswith("Child's pose\n")
    assert "s correct" in done.stdout
    assert "not checked: your head" in done.stdout
    return out


def test_a_recording_gives_one_line_for_every_frame(analysed: Path) -> None:
    frames = frames_of(analysed)
    truth = json.loads(CLIP.with_suffix(".json").read_text(encoding="utf-8"))
    assert len(frames) == truth["n_frames"]
    assert [frame["t"] for frame in frames] == pytest.approx(
        [index / truth["fps"] for index in range(len(frames))], abs=1e-3
    )
    held = np.array([frame["held_s"] for frame in frames])
    assert (np.diff(held) >= 0).all()
    assert 4.0 < held[-1] < 9.0
    assert {frame["state"] for frame in frames} <= {"ready", "active", "paused", "unseen", "done"}
    assert {frame["reps"] for frame in frames} == {0}
    assert all(isinstance(frame["faults"], list) for frame in frames)
    measures = frames[len(frames) // 2]["measures"]
    assert isinstance(measures, dict)
    assert all(value is None or isinstance(value, float) for value in measures.values())


def test_a_recording_is_summed_up(analysed: Path) -> None:
    summary = json.loads((analysed / "summary.json").read_text(encoding="utf-8"))
    assert summary["exercise"] == "childs_pose"
    assert (summary["side"], summary["view"], summary["model"]) == (None, "side", "lite")
    assert summary["truncated"] is None
    assert summary["reps"] is None
    assert summary["correct_s"] == pytest.approx(frames_of(analysed)[-1]["held_s"], abs=0.01)
    parts = ("correct_s", "wrong_s", "cant_tell_s", "before_start_s", "unchecked_s")
    assert sum(summary[part] for part in parts) == pytest.approx(summary["seconds"], abs=0.2)
    assert summary["spoken"][0]["text"] == "Child's pose."
    assert "your breathing" in summary["not_checked"]


def test_the_annotated_video_has_every_frame_and_nothing_else_is_left(analysed: Path) -> None:
    names = sorted(path.name for path in analysed.iterdir())
    assert names == [f"{CLIP.stem}.mp4", "frames.jsonl", "summary.json"]
    capture = cv2.VideoCapture(str(analysed / f"{CLIP.stem}.mp4"))
    count = sum(1 for _ in iter(lambda: capture.read()[0], False))
    capture.release()
    assert count == len(frames_of(analysed))


def test_a_wrong_view_is_refused_throughout(tmp_path: Path) -> None:
    done = posecheck(
        "analyze", WRONG_VIEW, "-e", "standing_hamstring_reach", "--side", "left", "--out",
        tmp_path, *LITE,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr.strip() == (
        "standing_hamstring_reach has no working side: --side left is not used."
    )
    frames = frames_of(tmp_path)
    assert {frame["state"] for frame in frames} == {"unseen"}
    assert frames[-1]["held_s"] == 0
    said = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))["spoken"]
    assert any("Turn side-on to the camera" in cue["text"] for cue in said)


def test_an_exercise_without_a_camera_check_is_unchecked_throughout(tmp_path: Path) -> None:
    clip = video(tmp_path / "grey.mp4")
    done = posecheck("analyze", clip, "-e", "foam_rolling", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "not form-checked" in done.stdout
    assert {frame["state"] for frame in frames_of(tmp_path / "out")} == {"unchecked"}


def test_a_missing_side_is_reported(tmp_path: Path) -> None:
    clip = video(tmp_path / "grey.mp4", frames=3)
    done = posecheck("analyze", clip, "-e", "bird_dog", *LITE, cwd=tmp_path)
    assert "No --side given: the lifted leg is taken to be the left." in done.stderr
    assert (tmp_path / "grey-posecheck" / "summary.json").exists()


def test_one_picture_of_a_person_is_enough(tmp_path: Path) -> None:
    capture = cv2.VideoCapture(str(CLIP))
    cv2.imwrite(str(tmp_path / "one.png"), capture.read()[1])
    capture.release()
    args = ("-e", "childs_pose", "--out", tmp_path / "out", *LITE)
    done = posecheck("analyze", tmp_path / "one.png", *args)
    assert (done.returncode, done.stderr) == (0, "")
    args = ("-e", "childs_pose", "--out", tmp_path / "none", *LITE)
    done = posecheck("analyze", video(tmp_path / "none.mp4", frames=1), *args)
    refused(done, "Nobody was seen in")


def test_the_recording_itself_is_never_replaced(tmp_path: Path) -> None:
    clip = video(tmp_path / "grey.mp4")
    before = clip.read_bytes()
    done = posecheck("analyze", clip, "-e", "walking", "--video", "--out", tmp_path)
    refused(done, f"The annotated video would replace the recording {clip}. Choose another")
    assert [path.name for path in tmp_path.iterdir()] == ["grey.mp4"]
    assert clip.read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize("name", ["\udcff.mp4", "[red]Übung 'x' \"y\".mp4"])
def test_a_file_may_have_any_name(name: str, tmp_path: Path) -> None:
    clip = video(tmp_path / "grey.mp4").rename(tmp_path / name)
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for number, env in enumerate((dict(os.environ), plain)):
        out = tmp_path / str(number)
        command = f"{sys.executable} -m posecheck analyze -e walking --video --out".split()
        done = subprocess.run([*command, out, clip], env=env, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        assert len(list(out.iterdir())) == 3
        json.loads((out / "summary.json").read_text(encoding="utf-8"))


def test_an_address_is_not_taken_for_a_file(tmp_path: Path) -> None:
    done = posecheck("analyze", "http://127.0.0.1:9/x", "-e", "plank", cwd=tmp_path)
    refused(done, "http://127.0.0.1:9/x is an address.")


def test_a_recording_without_a_person_is_refused_and_the_results_are_kept(tmp_path: Path) -> None:
    clip = video(tmp_path / "grey.mp4")
    done = posecheck("analyze", clip, "-e", "plank", "--out", tmp_path / "out", *LITE)
    refused(done, f"Nobody was seen in {clip}.")
    assert {frame["state"] for frame in frames_of(tmp_path / "out")} == {"unseen"}


def test_two_people_of_one_size_are_refused_and_the_results_are_kept(tmp_path: Path) -> None:
    """With two people side by side the subject is ambiguous."""

    def doubled(image: Image) -> Image:
        half = image[:, 100:540]
        return np.hstack([half, half[:, ::-1]])

    clip = rewritten(WRONG_VIEW, tmp_path / "two.avi", doubled)
    done = posecheck("analyze", clip, "-e", "arm_circles", "--out", tmp_path / "out", *LITE)
    refused(done, f"Two people are in {clip}")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["others_s"] > 10


def test_a_cut_off_recording_is_analysed_as_far_as_it_goes(tmp_path: Path) -> None:
    cut = rewritten(CLIP, tmp_path / "cut.avi", lambda image: image)
    whole = cut.read_bytes()
    cut.write_bytes(whole[: len(whole) // 3])
    done = posecheck("analyze", cut, "-e", "childs_pose", "--out", tmp_path / "out", *LITE)
    assert done.returncode == 0, done.stderr
    assert "ends early" in done.stderr
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert "ends early" in summary["truncated"]
    assert 0 < summary["frames"] < 200


def broken_inputs(folder: Path) -> dict[str, tuple[Path, str]]:
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "text.mp4").write_text("This is not a video.\n" * 50)
    (folder / "half.mp4").write_bytes(CLIP.read_bytes()[: CLIP.stat().st_size // 2])
    (folder / "images").mkdir()
    return {
        "missing": (folder / "missing.mp4", "There is no file"),
        "empty": (folder / "empty.mp4", "is an empty file"),
        "text": (folder / "text.mp4", "cannot be read as a video"),
        "no frames": (video(folder / "none.mp4", frames=0), "none.mp4"),
        "half an mp4": (folder / "half.mp4", "cannot be read as a video"),
        "no images": (folder / "images", "holds no images"),
    }


@pytest.mark.parametrize(
    "kind", ["missing", "empty", "text", "no frames", "half an mp4", "no images"]
)
def test_a_broken_input_is_one_sentence(kind: str, tmp_path: Path) -> None:
    path, sentence = broken_inputs(tmp_path)[kind]
    if kind == "half an mp4":
        assert b"moov" not in path.read_bytes(), "its index must be in the half that is lost"
    out = tmp_path / "out"
    refused(posecheck("analyze", path, "-e", "plank", "--out", out, *LITE), sentence)
    assert not out.exists()


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("-e", "planck"), "There is no exercise 'planck'; did you mean 'plank'?"),
        (("-e", "plank", "--side", "lefft"), "There is no side 'lefft'; did you mean 'left'?"),
        (("-e", "plank", "--model", "ful"), "There is no model 'ful'; did you mean 'full'?"),
        (("-e", "plank", "--model", "no/such.task"), "There is no model file"),
        (("-e", "plank", "--routines", "no/such"), "no such folder. A folder of routines needs"),
        (("-e", "xyzzy"), "There is no exercise 'xyzzy'; no known one is like it. See all"),
        (("-e", "full_daily"), "full_daily is a routine. Give one of its exercises;"),
    ],
)
def test_an_unknown_word_is_answered_with_a_suggestion(
    args: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    refused(posecheck("analyze", CLIP, *args, "--out", tmp_path), sentence)


@pytest.mark.model
@pytest.mark.parametrize("change", ["cut short", "another"])
def test_a_changed_model_is_refused(change: str, tmp_path: Path) -> None:
    content = (data_folder("models") / "pose_landmarker_lite.task").read_bytes()
    model = tmp_path / "pose_landmarker_lite.task"
    model.write_bytes(content[:-1000] if change == "cut short" else b"X" + content[1:])
    done = posecheck("analyze", CLIP, "-e", "plank", "--out", tmp_path / "o", "--model", model)
    refused(done, "cut short" if change == "cut short" else "is not the published one")
    assert not list((tmp_path / "o").glob("*"))


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    refused(
        posecheck("analyze", CLIP, "-e", "plank", "--out", taken, *LITE), "is a file, not a folder"
    )
    assert taken.read_text() == "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a place that no user may write to")
def test_a_place_that_cannot_be_written_is_refused() -> None:
    refused(posecheck("analyze", CLIP, "-e", "plank", "--out", "/proc/x", *LITE), "Choose another")


def limit_files(size: int) -> Callable[[], None]:
    """For a child process: limit the size of files, in bytes, to imitate a full disk."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_loses_nothing_that_was_there(tmp_path: Path) -> None:
    clip = video(tmp_path.parent / "grey.mp4")
    args = ("-e", "walking", "--out", tmp_path)
    assert posecheck("analyze", clip, *args).returncode == 0
    old = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert len(old) == 2
    done = posecheck("analyze", clip, *args, before=limit_files(500))
    refused(done, "frames.jsonl cannot be written: file too large.")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == old


def test_a_video_that_does_not_fit_the_disk_is_not_left_half(tmp_path: Path) -> None:
    clip = video(tmp_path / "noise.mp4", noise=True)
    args = ("-e", "walking", "--out", tmp_path / "out", "--video")
    assert posecheck("analyze", clip, *args).returncode == 0
    old = (tmp_path / "out" / "noise.mp4").read_bytes()
    done = posecheck("analyze", clip, *args, before=limit_files(20_000))
    refused(done, "noise.mp4 could not be written")
    assert (tmp_path / "out" / "noise.mp4").read_bytes() == old
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "frames.jsonl", "noise.mp4", "summary.json",
    ]  # fmt: skip


# --- the other commands -------------------------------------------------------------------------


def test_minus_h_is_help() -> None:
    for command in ((), ("analyze",), ("show",)):
        done = posecheck(*command, "-h")
        assert (done.returncode, done.stderr) == (0, "")
        assert "Usage: posecheck" in done.stdout


def test_the_help_is_fast() -> None:
    best = 9.0
    for _ in range(3):
        start = time.perf_counter()
        done = posecheck("--help")
        best = min(best, time.perf_counter() - start)
    assert done.returncode == 0
    for command in ("session", "demo", "analyze", "list", "show", "metrics", "check", "doctor"):
        assert f"  {command} " in done.stdout
    assert best < 1.0  # 0.2 s on an idle machine


def test_the_help_imports_nothing_heavy() -> None:
    code = "import posecheck.__main__, sys; print([m for m in sys.modules if m in " + (
        "('cv2', 'numpy', 'mediapipe', 'rich', 'PySide6', 'platformdirs', 'importlib.metadata')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_is_the_one_of_the_project() -> None:
    """A constant, because reading it from the installed metadata takes longer than `--help`."""
    project = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    assert tomllib.loads(project)["project"]["version"] == __version__
    done = posecheck("--version")
    assert (done.returncode, done.stdout) == (0, f"posecheck {__version__}\n")


def test_an_unknown_thing_is_not_shown() -> None:
    refused(posecheck("show", "brid_dog"), "did you mean 'bird_dog'?")
    refused(posecheck("session", "xyzzy"), "warmup_4min. See all with: posecheck list")


def test_the_doctor_covers_everything() -> None:
    done = posecheck("doctor")
    assert done.returncode in (0, 1)
    for word in ("Python", "mediapipe", "OpenCV", "Models", "Disk"):
        assert word in done.stdout


def test_the_demo_leads_through_a_session(tmp_path: Path) -> None:
    done = posecheck("demo", "--fast", "--no-video", *LITE, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Hold it there" in done.stdout
    assert "Push your hips back to the wall behind you." in done.stdout
    assert "All done. Well done." in done.stdout
    assert "12 s correct" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["folder.mp4", "film"])
def test_a_path_that_is_not_a_video_is_refused_before_the_demo(path: str, tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    refused(posecheck("demo", "--fast", "--video", path, cwd=tmp_path), "ends in .mp4")


@pytest.mark.parametrize("args", [("show", "standing_hamstring_reach"), ("metrics",), ("list",)])
def test_a_terminal_without_the_characters_is_supported(args: tuple[str, ...]) -> None:
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "posecheck", *args]
    done = subprocess.run(command, env=plain, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_pipe_that_closes_early_is_not_an_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m posecheck metrics | head -1",
        shell=True, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""


def test_ctrl_c_ends_with_130(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "posecheck", "demo", "--fast", "--no-video", *LITE]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, cwd=tmp_path,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert "Standing hamstring reach" in running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, stderr = running.communicate(timeout=60)
    assert running.returncode == 130
    assert stderr.splitlines()[-1] == "Stopped."
