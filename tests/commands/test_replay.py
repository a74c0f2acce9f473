"""`posecheck replay`: recorded and replayed are the same, whatever was recorded."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bodies import series
from golden import FOLDER, RECORDINGS, expected, outcome
from led import BENT, BOW, RAISED, STAND, STRAIGHT, leaning
from shipped import LIBRARY

from posecheck.cli import CommandError, app
from posecheck.coach.guide import Command, Guide
from posecheck.coach.pipeline import lead
from posecheck.commands.replay import ReplayRequest, diff, replay
from posecheck.commands.replay_diff import Timed, differences
from posecheck.exercise import Exercise
from posecheck.io.output import OutputError
from posecheck.io.routines.language import load_phrases
from posecheck.io.routines.load import Library
from posecheck.io.store.recorder import Recorder
from posecheck.io.store.recording import RecordedSet, Recording, RecordingHeader
from posecheck.pose import Detection, Frame, NoPoseReason, Pose
from posecheck.session.plan import PlannedSet

CLIP = Path(__file__).parents[1] / "clips" / "childs_pose_beth_R.mp4"
PLANK = FOLDER / "plank_phone.rec"
NOTHING = np.zeros((48, 64, 3), np.uint8)


def posecheck(*args: object, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "posecheck", *map(str, args)],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **more},
    )  # fmt: skip


def run(*args: object) -> int:
    """The command in this process: its exit code. CommandError goes through."""
    with pytest.raises(SystemExit) as ended:
        app([str(arg) for arg in args], prog_name="posecheck")
    assert isinstance(ended.value.code, int)
    return ended.value.code


def requested(*files: Path, exercises: Sequence[Exercise] = (), **more: Any) -> ReplayRequest:
    wanted: dict[str, Any] = {"side": None, "level": None, "out": None, "as_json": True, **more}
    return ReplayRequest(files, tuple(exercises), **wanted)


def answers(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


def easier(exercise: str) -> Library:
    """The library with wider limits for one exercise."""
    old = LIBRARY.exercises[exercise]
    rules = tuple(replace(rule, margin=rule.margin + 60) for rule in old.rules)
    return replace(LIBRARY, exercises={**LIBRARY.exercises, exercise: replace(old, rules=rules)})


# --- golden recordings --------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_real_people_are_judged_as_expected(path: Path) -> None:
    """After a rule was changed on purpose: `python tests/golden.py`, and read the difference."""
    now, before = outcome(path, LIBRARY), expected()[path.stem]
    assert now["events"] == before["events"]
    assert now == before


def test_every_recording_has_its_expectation_and_stays_small() -> None:
    assert {path.stem for path in RECORDINGS} == expected().keys()
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 3_000_000


def test_a_golden_recording_names_no_folder() -> None:
    for path in RECORDINGS:
        head = path.read_bytes().split(b"\n", 2)[1]
        assert b"/" not in head
        assert b"\\" not in head


# --- recorded = replayed ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with child.rec and the results of the analysis that recorded it."""
    folder = tmp_path_factory.mktemp("analysed")
    done = posecheck(
        *("analyze", CLIP, "-e", "childs_pose", "--model", "lite"),
        *("--out", folder / "out", "--record", folder / "child.rec"),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"Recorded: {folder / 'child.rec'}\n")
    return folder


@pytest.mark.process
def test_what_was_analysed_is_replayed_the_same(analysed: Path) -> None:
    """No event differs, and the two result files are the same to the letter but for the file that
    they are of."""
    done = posecheck("replay", "--diff", analysed / "child.rec")
    assert done.returncode == 0, done.stdout
    assert "child.rec: nothing differs in " in done.stdout
    again = posecheck("replay", analysed / "child.rec", "--out", analysed / "again")
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith("child:\nChild's pose\n  ")
    assert again.stdout.endswith(f"Written: {analysed / 'again' / 'child'}\n")
    for name in ("frames.jsonl", "summary.json"):
        texts = [
            re.sub(r'"recording": "[0-9a-f]{32}"', "", (folder / name).read_text(encoding="utf-8"))
            for folder in (analysed / "out", analysed / "again" / "child" / "childs_pose")
        ]
        assert texts[0] == texts[1]


@pytest.mark.process
def test_a_session_in_its_window_is_replayed_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The plan, its doses and the level come from the recording; of the clip it knows the name."""
    path = tmp_path / "s.rec"
    done = posecheck(
        *("session", "-e", "childs_pose", "--source", CLIP, "--fast", "--model", "lite"),
        *("--level", 1, "--voice", "off", "--record", path),
        QT_QPA_PLATFORM="offscreen", POSECHECK_HOME=str(tmp_path / "home"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    header = Recording(path).header
    assert (header.made_by, header.source, header.level) == ("session", CLIP.name, 1)
    assert header.sets[0].exercise == "childs_pose"
    assert header.sets[0].hold_s is not None
    assert diff([path], LIBRARY) == 0
    assert "nothing differs in " in capsys.readouterr().out


@pytest.mark.process
def test_a_changed_rule_shows(analysed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = analysed / "child.rec"
    assert diff([path], easier("childs_pose")) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{path}, recorded with posecheck {Recording(path).header.posecheck}:"
    assert any("stored: FaultRaised (rule hips_high) / today: " in line for line in lines)


@pytest.mark.process
def test_what_was_analysed_holds_no_picture(analysed: Path) -> None:
    """A minute of the smallest useful pictures needs megabytes; this needs a thumbnail's size."""
    assert (analysed / "child.rec").stat().st_size < 60_000


Piece = tuple[Pose | NoPoseReason | Command, float]


def led(path: Path, sets: Sequence[PlannedSet], pieces: Iterable[Piece]) -> list[str]:
    """A led session over a timeline, recorded; the names of its events. Commands take no time."""
    phrases, opening = load_phrases("en"), ("Good morning.",)
    guide, recorder = Guide(sets, phrases, 2, opening), Recorder(path)
    planned = tuple(RecordedSet.of_planned(each) for each in sets)
    recorder.begin(RecordingHeader("session", "0", "camera", "full", 2, planned, "en", opening))
    shown: dict[float, Detection] = {}
    keys: dict[float, Command] = {}
    frames: list[Frame] = []
    at = 0.0
    for seen, seconds in pieces:
        if seconds == 0.0:
            keys[at] = seen  # type: ignore[assignment]
        for t, _ in series((seen, seconds), fps=10.0):
            pose = None if isinstance(seen, str) else seen
            reason: NoPoseReason = seen if isinstance(seen, str) else ""  # type: ignore[assignment]
            shown[at + t] = Detection(pose, reason)
            frames.append(Frame(at + t, NOTHING + 90, lost=seen == "camera"))
        at += seconds

    def given() -> Iterable[Frame]:
        for frame in frames:
            if frame.t in keys:
                guide.command(keys[frame.t])
                recorder.command(keys[frame.t])
            yield frame

    estimate = recorder.watching(lambda frame, mask: shown[frame.t])
    happened = []
    for result in lead(given(), estimate, guide):
        recorder.keep(result.frame, result.events)
        happened += [type(event).__name__ for event in result.events]
    recorder.close()
    assert recorder.problem == ""
    return happened


@pytest.mark.slow
def test_a_led_session_is_replayed_with_its_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pauses by key and by arms, a lost camera, a person who leaves, pain, skipped sets, rests."""
    sets = [PlannedSet(STAND, hold_s=3.0, rest_s=2.0), PlannedSet(BOW, hold_s=4.0, rest_s=2.0),
            PlannedSet(STAND, hold_s=3.0), PlannedSet(BOW, hold_s=3.0)]  # fmt: skip
    pieces: list[Piece] = [
        (STRAIGHT, 9.0), ("pause", 0.0), (STRAIGHT, 2.0), ("pause", 0.0), (STRAIGHT, 5.0),
        (leaning(50.0), 3.0), ("camera", 2.0), (STRAIGHT, 3.0), (RAISED, 3.0), (STRAIGHT, 2.0),
        (RAISED, 3.0), (BENT, 3.0), ("nobody", 5.0), (STRAIGHT, 4.0), ("pain", 0.0),
        (STRAIGHT, 1.0), ("sharp", 0.0), (STRAIGHT, 3.0), ("close", 0.0), (STRAIGHT, 6.0),
        ("skip", 0.0), (STRAIGHT, 3.0),
    ]  # fmt: skip
    library = replace(LIBRARY, exercises={**LIBRARY.exercises, "stand": STAND, "bow": BOW})
    path = tmp_path / "led.rec"
    happened = led(path, sets, pieces)
    assert {"Halted", "Resumed", "WorkStarted", "SetAnnounced", "SetDone"} <= set(happened)
    assert diff([path], library) == 0
    assert f"nothing differs in {len(happened)} events" in capsys.readouterr().out
    assert replay(requested(path, out=tmp_path / "out"), library) == 0
    rows = answers(capsys.readouterr().out)
    assert [row["exercise"] for row in rows][:2] == ["stand", "bow"]
    assert rows[0]["right_s"] == pytest.approx(3.0, abs=0.2)
    summary = json.loads((tmp_path / "out" / "led" / "summary.json").read_text("utf-8"))
    assert [each["exercise"] for each in summary["sets"]] == [row["exercise"] for row in rows]
    assert replay(requested(path, side="left"), library) == 2
    assert "is a led session with sides of its own" in capsys.readouterr().err
    strict = replace(STAND, rules=(replace(STAND.rules[0], min=None, max=90.0),))
    changed = replace(library, exercises={**library.exercises, "stand": strict})
    assert diff([path], changed) == 1


def test_differences_are_reported_with_both_times() -> None:
    """Missing, new, moved, and replaced by another."""
    stored: list[Timed] = [
        (1.0, {"event": "WorkStarted"}),
        (2.0, {"event": "FaultRaised", "rule": "hips"}),
        (3.0, {"event": "Sighted"}),
        (9.0, {"event": "SetDone", "index": 0}),
    ]
    today: list[Timed] = [
        (1.5, {"event": "WorkStarted"}),
        (2.5, {"event": "FaultRaised", "rule": "arms"}),
        (3.0, {"event": "Sighted"}),
        (4.0, {"event": "RepCounted", "reps": 1}),
        (9.0, {"event": "SetDone", "index": 0}),
    ]
    assert list(differences(stored, today)) == [
        "   1.00 s  WorkStarted: today at 1.50 s",
        "   2.00 s  stored: FaultRaised (rule hips) / today: FaultRaised (rule arms) at 2.50 s",
        "   4.00 s  stored: nothing / today: RepCounted (reps 1)",
    ]
    assert list(differences(stored, stored)) == []


# --- what is answered ---------------------------------------------------------------------------

KEYS = {
    "stream", "exercise", "side", "held", "reps", "right_s", "wrong_s", "unseen_s", "before_s",
    "faults", "advice", "end", "blind",
}  # fmt: skip


def stream(path: Path) -> Path:
    """The plank as an .npz stream."""
    rows = list(Recording(PLANK).frames())
    poses = [row.detection.pose for row in rows]
    assert None not in poses
    np.savez(
        path, t=np.array([row.t for row in rows]), found=np.ones(len(rows), bool),
        px=np.stack([pose.px for pose in poses if pose]),
        world=np.stack([pose.world for pose in poses if pose]),
        visibility=np.stack([pose.visibility for pose in poses if pose]),
        size=np.array(poses[0].size if poses[0] else ()),
    )  # fmt: skip
    return path


@pytest.mark.process
def test_a_stream_of_numpy_is_answered_in_json(tmp_path: Path) -> None:
    """The contract of the scorer of landmark streams: one line each, sides for those that have
    them, and the same judgement as of the recording."""
    path = stream(tmp_path / "plank.npz")
    done = posecheck("replay", path, "--exercise", "plank", "--json")
    assert done.returncode == 0, done.stderr
    (row,) = answers(done.stdout)
    assert set(row) == KEYS
    assert (row["stream"], row["exercise"], row["side"]) == ("plank", "plank", None)
    golden = expected()["plank_phone"]
    assert row["held"] == [pytest.approx(span, abs=0.01) for span in golden["held"]]
    assert row["right_s"] == pytest.approx(golden["right_s"], abs=0.01)
    assert row["end"] == pytest.approx(golden["end"], abs=0.01)
    assert sum(b - a for a, b in row["held"]) == pytest.approx(row["right_s"], abs=0.01)


@pytest.mark.slow
def test_all_means_every_checked_exercise_on_each_side(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    short = tmp_path / "short.rec"
    short.write_bytes(PLANK.read_bytes()[:8000])
    assert replay(requested(short, exercises=tuple(LIBRARY.exercises.values())), LIBRARY) == 0
    rows = answers(capsys.readouterr().out)
    sides = {e: [r["side"] for r in rows if r["exercise"] == e] for e in LIBRARY.exercises}
    for exercise in LIBRARY.exercises.values():
        both = ["left", "right"] if exercise.sides == "each" else [None]
        assert sides[exercise.id] == both
    plank = next(row for row in rows if row["exercise"] == "plank")
    alone = requested(short, exercises=(LIBRARY.exercises["plank"],))
    assert replay(alone, LIBRARY) == 0
    assert answers(capsys.readouterr().out) == [plank]


@pytest.mark.slow
def test_a_side_and_a_level_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    path = FOLDER / "bird_dog_side.rec"
    assert replay(requested(path, side="right", level=1), LIBRARY) == 0
    (row,) = answers(capsys.readouterr().out)
    assert row["side"] == "right"
    assert replay(requested(PLANK, side="right"), LIBRARY) == 0
    (row,) = answers(capsys.readouterr().out)
    assert row["side"] is None


def test_results_of_files_with_one_name_do_not_collide(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    other = tmp_path / "a" / PLANK.name
    other.write_bytes(PLANK.read_bytes())
    both = requested(PLANK, other, out=tmp_path / "out", as_json=False)
    assert replay(both, LIBRARY) == 0
    found = sorted(p.relative_to(tmp_path / "out") for p in (tmp_path / "out").rglob("*.json"))
    name = PLANK.stem
    assert found == [
        Path(name, "plank", "summary.json"),
        Path(f"{name}-2", "plank", "summary.json"),
    ]


@pytest.mark.process
def test_it_starts_without_the_model_windows_and_opencv() -> None:
    code = (
        "import sys; import posecheck.commands.replay, posecheck.cli; "
        "print([m for m in ('cv2', 'mediapipe', 'PySide6', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- what goes wrong ----------------------------------------------------------------------------


def refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert done.returncode == 2, done.stdout
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.process
def test_one_bad_file_does_not_lose_the_others(tmp_path: Path) -> None:
    bad = tmp_path / "bad.rec"
    bad.write_bytes(b"something else")
    done = posecheck("replay", PLANK, bad, PLANK, "--exercise", "plank", "--json")
    refused(done, f"{bad} is no recording of posecheck")
    assert [row["stream"] for row in answers(done.stdout)] == [PLANK.stem] * 2


def test_a_cut_off_recording_is_judged_up_to_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = tmp_path / "cut.rec"
    cut.write_bytes(PLANK.read_bytes()[:-5000])
    assert replay(requested(cut), LIBRARY) == 0
    printed = capsys.readouterr()
    (row,) = answers(printed.out)
    assert f"{cut} was cut off; it is judged up to {row['end']:.1f} s." in printed.err
    cut.write_bytes(PLANK.read_bytes()[:500])
    assert replay(requested(cut), LIBRARY) == 2
    assert f"{cut} holds no frames." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ((PLANK, "-e", "plnak"), "did you mean 'plank'?"),
        ((PLANK, "--side", "lef"), "did you mean 'left'?"),
        ((PLANK, "--diff", "--json"), "goes without other options"),
    ],
)
def test_mistakes_of_the_command_are_reported(more: Sequence[object], sentence: str) -> None:
    with pytest.raises(CommandError, match=re.escape(sentence)):
        app(["replay", *map(str, more)], prog_name="posecheck")


@pytest.mark.slow
def test_mistakes_of_files_are_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    npz = stream(tmp_path / "s.npz")
    for more, sentence in (
        ((npz,), "does not say what is done in it. Name it with --exercise ID."),
        ((npz, "--diff"), "holds no events to compare with"),
        ((tmp_path / "none.rec",), "none.rec cannot be read: no such file"),
    ):
        assert run("replay", *more) == 2
        printed = capsys.readouterr()
        assert sentence in printed.err
        assert len(printed.err.splitlines()) == 1
    with pytest.raises(OutputError, match="is a file, not a folder"):
        run("replay", PLANK, "--out", npz)


def test_a_recording_of_an_exercise_of_ones_own_asks_for_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.rec"
    own = replace(LIBRARY.exercises["plank"], id="my_plank")
    led(path, [PlannedSet(own, hold_s=5.0)], [(STRAIGHT, 1.0)])
    assert replay(requested(path), LIBRARY) == 2
    errors = capsys.readouterr().err
    assert "was recorded with the exercise 'my_plank', which is not known here" in errors
    assert "--routines" in errors


@pytest.mark.slow
def test_a_recording_is_never_written_over_another_file(tmp_path: Path) -> None:
    """The error is reported before any file is opened. A desk is not recorded."""
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear diary")
    command = ("analyze", str(CLIP), "-e", "childs_pose", "--out", str(tmp_path / "out"))
    with pytest.raises(OutputError, match=r"letter\.txt is there already and is no recording"):
        app([*command, "--record", str(letter)], prog_name="posecheck")
    with pytest.raises(OutputError, match="cannot be written"):
        app([*command, "--record", str(tmp_path / "no" / "x.rec")], prog_name="posecheck")
    with pytest.raises(CommandError, match="--record and --export"):
        app(["analyze", str(CLIP), "--desk", "--record", str(letter)], prog_name="posecheck")
    assert letter.read_text() == "Dear diary"
    assert not (tmp_path / "out").exists()
