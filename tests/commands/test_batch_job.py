"""What is asked of `posecheck batch`, and what one worker makes of one recording."""

from __future__ import annotations

import dataclasses
import json
import pickle
import shutil
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from golden import FOLDER

from posecheck.commands.batch import failed_row, printable
from posecheck.commands.batch_job import (
    Failed,
    Fingerprint,
    Job,
    JobSettings,
    Judged,
    NotThere,
    Unfit,
    content_sha256,
    fingerprint,
    judge,
)
from posecheck.commands.batch_request import BatchRequest, jobs_of
from posecheck.commands.batch_rows import BLIND_COLUMNS
from posecheck.commands.batch_summary import summary_lines
from posecheck.commands.replay import ReplayRequest, replay
from posecheck.io.batch.manifest import Entry, ManifestError
from posecheck.io.batch.results import Concluded, ResultStore, write_tables
from posecheck.io.batch.schema import TABLES
from posecheck.io.routines.load import load_all
from posecheck.io.store.recording import (
    RecordedSet,
    Recording,
    RecordingHeader,
    RecordingWriter,
)
from posecheck.session.events import Blind

LIBRARY = load_all()
PLANK, ABDUCTION = FOLDER / "plank_phone.rec", FOLDER / "side_leg_raise_front.rec"


@pytest.fixture
def settings() -> JobSettings:
    """Of a run of landmarks, which needs no model."""
    return JobSettings("", "")


def requested(**more: Any) -> BatchRequest:
    return BatchRequest(inputs=(), out=Path("out"), model="lite", **more)


def jobs(settings: JobSettings, *entries: Entry, **more: Any) -> list[Job]:
    return jobs_of(entries, requested(**more), settings, LIBRARY)


def entry(path: Path, **more: str) -> Entry:
    return Entry(path.name, path, **more)


def result(job: Job) -> Judged:
    outcome = judge(job)
    assert isinstance(outcome, Judged), outcome
    return outcome


# --- what is asked ------------------------------------------------------------------------------


def test_a_manifest_decides_before_the_options(settings: JobSettings) -> None:
    first, second = jobs(
        settings,
        entry(Path("a.mp4"), exercise="Child's pose", level="1"),
        entry(Path("b.mp4")),
        exercise="plank",
        level="3",
    )
    assert first.exercise is not None
    assert second.exercise is not None
    assert (first.exercise.id, first.level) == ("childs_pose", 1)
    assert (second.exercise.id, second.level) == ("plank", 3)
    assert (first.entry, second.entry) == (0, 1)


def test_a_side_is_taken_for_granted_and_said_so(settings: JobSettings) -> None:
    (job,) = jobs(settings, entry(Path("a.mp4")), exercise="bird_dog")
    assert job.side is None or job.remark
    (job,) = jobs(settings, entry(Path("a.mp4")), exercise="supine_spinal_twist")
    assert job.side == "left"
    assert "taken to be the left" in job.remark


def test_a_desk_is_asked_for_by_column_or_option(settings: JobSettings) -> None:
    first, second, third = jobs(
        settings,
        entry(Path("a.mp4"), desk="yes", calibrate="0:7"),
        entry(Path("b.mp4")),
        entry(Path("c.mp4"), exercise="plank"),
        desk=True,
    )
    assert (first.desk, first.calibrate, first.exercise) == (True, (0.0, 7.0), None)
    assert second.desk
    assert not third.desk


def test_the_rate_of_images_decides_their_length_and_their_result(
    settings: JobSettings, tmp_path: Path
) -> None:
    """A manifest decides before the option; another rate is another result."""
    first, second, third = jobs(
        settings,
        entry(Path("a"), exercise="plank", fps="15"),
        entry(Path("a"), exercise="plank"),
        entry(Path("a"), exercise="plank", fps="12.5"),
        fps="30",
    )
    assert [each.fps for each in (first, second, third)] == [15.0, 30.0, 12.5]
    assert len({each.key("0") for each in (first, second, third)}) == 3


def test_every_mistake_of_every_row_is_named_at_once(settings: JobSettings) -> None:
    place = {"place": "m.csv:2"}
    with pytest.raises(ManifestError) as found:
        jobs(
            settings,
            entry(Path("a.mp4"), exercise="plnk", **place),
            entry(Path("b.mp4"), place="m.csv:3"),
            entry(Path("c.mp4"), exercise="plank", level="4", desk="perhaps", place="m.csv:4"),
            entry(Path("d.mp4"), exercise="plank", calibrate="0:7", place="m.csv:5"),
            entry(Path("e.mp4"), desk="yes", calibrate="7", place="m.csv:6"),
            entry(Path("f.mp4"), exercise="bird_dog", side="lft", place="m.csv:7"),
            entry(Path("g.mp4"), exercise="plank", desk="yes", place="m.csv:8"),
            entry(Path("h"), exercise="plank", fps="fast", place="m.csv:9"),
            entry(Path("i"), exercise="plank", fps="0", place="m.csv:10"),
        )
    lines = str(found.value).splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["m.csv:2", "exercise"],
        ["m.csv:3", "exercise"],
        ["m.csv:4", "desk"],
        ["m.csv:4", "level"],
        ["m.csv:5", "calibrate"],
        ["m.csv:6", "calibrate"],
        ["m.csv:7", "side"],
        ["m.csv:8", "exercise"],
        ["m.csv:9", "fps"],
        ["m.csv:10", "fps"],
    ]
    assert "did you mean 'plank'?" in lines[0]


def test_every_reason_not_to_judge_has_a_column() -> None:
    columns = {column.name for column in TABLES["sets"]}
    assert set(BLIND_COLUMNS) == set(get_args(Blind))
    assert set(BLIND_COLUMNS.values()) <= columns
    assert len(set(BLIND_COLUMNS.values())) == len(BLIND_COLUMNS)


# --- the key ------------------------------------------------------------------------------------


def test_a_key_is_of_content_settings_and_versions(settings: JobSettings) -> None:
    (job,) = jobs(settings, entry(Path("a.mp4")), exercise="plank")
    key = job.key("ab")
    assert pickle.loads(pickle.dumps(job)).key("ab") == key
    renamed = dataclasses.replace(job, entry=9, recording="other", path="/elsewhere/other.mp4")
    assert renamed.key("ab") == key
    assert job.exercise is not None
    wider = dataclasses.replace(job.exercise, rules=job.exercise.rules[:-1])
    others = (
        job.key("cd"),
        dataclasses.replace(job, level=1).key("ab"),
        dataclasses.replace(job, side="left").key("ab"),
        dataclasses.replace(job, exercise=wider).key("ab"),
        *(
            dataclasses.replace(job, settings=dataclasses.replace(settings, **change)).key("ab")
            for change in (
                {"version": "9"},
                {"frames": True},
                {"every_s": 0.1},
                {"exports": ("trc",)},
            )
        ),
    )
    assert len({key, *others}) == len(others) + 1


def test_model_and_distance_of_frames_matter_to_pictures_only(settings: JobSettings) -> None:
    full = dataclasses.replace(settings, model="full", model_sha256="1")
    lite = dataclasses.replace(settings, model="lite", model_sha256="2")
    every = dataclasses.replace(full, every_s=0.1)
    for path, number in ((PLANK, 1), (Path("a.mp4"), 3)):
        each_of = (full, lite, every)
        keys = {jobs(each, entry(path), exercise="plank")[0].key("ab") for each in each_of}
        assert len(keys) == number


def test_the_content_of_a_folder_is_its_images(tmp_path: Path) -> None:
    for name, content in (("a", b"1"), ("b", b"2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.jpg").write_bytes(content)
    shutil.copytree(tmp_path / "a", tmp_path / "c")
    found = [content_sha256(tmp_path / name) for name in "abc"]
    assert found[0] == found[2] != found[1]


# --- one recording ------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("path", [PLANK, ABDUCTION], ids=lambda path: path.stem)
def test_a_recording_is_judged_as_replay_judges_it(
    settings: JobSettings, tmp_path: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rows hold the numbers of summary.json, frames.jsonl and `replay --json`."""
    settings = dataclasses.replace(settings, frames=True, exports=("csv",))
    (job,) = jobs(settings, entry(path))
    judged = result(job).result
    (recording,), (row,) = judged.rows["recordings"], judged.rows["sets"]
    assert replay(ReplayRequest((path,), (), None, None, tmp_path, True), LIBRARY) == 0
    answer = json.loads(capsys.readouterr().out)
    summary = json.loads(next(tmp_path.rglob("summary.json")).read_text())
    for name in ("exercise", "side", "level", "frames", "seconds", "others_s"):
        assert recording[name] == summary[name]
    for name in ("correct_s", "wrong_s", "cant_tell_s", "before_start_s", "form", "form_score"):
        assert row[name] == summary[name]
    assert row["reps"] == summary["reps"]
    assert row["reps_rejected"] == sum(summary["reps_not_counted"].values())
    assert [[each["start_s"], each["end_s"]] for each in row["held"]] == answer["held"]
    assert {f["rule"]: f["seconds"] for f in judged.rows["faults"]} == {
        f["id"]: f["seconds"] for f in summary["faults"]
    }
    attempts = judged.rows["repetitions"]
    assert sum(each["counted"] for each in attempts) == (summary["reps"] or 0)
    assert [each["attempt"] for each in attempts] == list(range(1, len(attempts) + 1))
    lines = next(tmp_path.rglob("frames.jsonl")).read_text().splitlines()
    frames = pq.read_table(pa.BufferReader(judged.files["frames.parquet"])).to_pylist()
    assert len(frames) == len(lines) == recording["frames"]
    for frame, line in zip(frames, map(json.loads, lines), strict=True):
        assert (frame["t_s"], frame["state"]) == (line["t"], line["state"])
        assert dict(frame["measures"]) == line["measures"]
    assert judged.files[".csv"].count(b"\n") >= recording["frames"]


def test_a_led_session_is_one_too(settings: JobSettings, tmp_path: Path) -> None:
    path = tmp_path / "led.rec"
    writer = RecordingWriter(path)
    planned = RecordedSet("plank", hold_s=2.0), RecordedSet("plank", number=2, hold_s=2.0)
    writer.begin(RecordingHeader("session", "0", "camera", "full", 1, planned))
    for frame in Recording(PLANK).frames():
        writer.add(frame)
    writer.close()
    (job,) = jobs(settings, entry(path))
    judged = result(job).result
    (recording,) = judged.rows["recordings"]
    assert (recording["kind"], recording["level"]) == ("session", 1)
    assert recording["trusted_share"] > 0.5
    assert [row["set"] for row in judged.rows["sets"]] == list(range(len(judged.rows["sets"])))
    assert judged.rows["sets"][0]["exercise"] == "plank"
    (sided,) = jobs(settings, entry(path), side="left")
    refused = judge(sided)
    assert isinstance(refused, Failed)
    assert "sides of its own" in refused.sentence


@pytest.mark.slow
def test_the_same_recording_gives_the_same_result(settings: JobSettings) -> None:
    settings = dataclasses.replace(settings, frames=True, exports=("trc", "csv", "c3d"))
    (job,) = jobs(settings, entry(ABDUCTION))
    assert result(job) == result(pickle.loads(pickle.dumps(job)))


def test_every_row_fits_its_table(settings: JobSettings, tmp_path: Path) -> None:
    (job,) = jobs(settings, entry(ABDUCTION))
    judged = result(job).result
    for table, rows in judged.rows.items():
        for row in rows:
            assert row.keys() <= {column.name for column in TABLES[table]}, table
    assert failed_row(job, "x").keys() <= {column.name for column in TABLES["recordings"]}


# --- what goes wrong ----------------------------------------------------------------------------


def test_a_file_that_cannot_be_used_gives_its_sentence(
    settings: JobSettings, tmp_path: Path
) -> None:
    bad, text, gone = tmp_path / "bad.rec", tmp_path / "text.mp4", tmp_path / "gone.rec"
    bad.write_bytes(PLANK.read_bytes()[:30])
    text.write_text("no video")
    found = [judge(job) for job in jobs(settings, *map(entry, (bad, text, gone)), exercise="plank")]
    assert isinstance(found[0], Failed)
    assert "is damaged" in found[0].sentence
    assert isinstance(found[1], Failed)
    assert "cannot be read as a video" in found[1].sentence
    assert isinstance(found[2], NotThere)
    assert f"There is no file {gone}" in found[2].sentence
    assert not any(isinstance(each, Failed) and each.bug for each in found)


def test_a_recording_that_names_no_exercise_says_so(settings: JobSettings, tmp_path: Path) -> None:
    npz = tmp_path / "stream.npz"
    shutil.copy(Path(__file__).parents[1] / "clips" / "desk_slouch_adam.npz", npz)
    (job,) = jobs(settings, entry(npz))
    outcome = judge(job)
    assert isinstance(outcome, Failed)
    assert "--exercise" in outcome.sentence or "lacks" in outcome.sentence


def test_a_mistake_of_posecheck_is_kept_and_stops_nothing(settings: JobSettings) -> None:
    (job,) = jobs(settings, entry(PLANK), exercise="plank")
    assert job.exercise is not None
    broken = dataclasses.replace(job.exercise, rules=(None,))  # type: ignore[arg-type]
    outcome = judge(dataclasses.replace(job, exercise=broken))
    assert isinstance(outcome, Failed)
    assert "made a mistake" in outcome.sentence
    assert "Traceback" in outcome.bug


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"version": "9.9"}, "not 9.9"),
        pytest.param(
            {"model": "lite", "model_sha256": "0" * 64},
            "another build of the pose model",
            marks=pytest.mark.model,
        ),
        ({"model": "/nowhere/pose.onnx"}, "lacks the pose model"),
    ],
)
def test_a_worker_that_is_not_like_the_others_says_so(
    settings: JobSettings, change: dict[str, Any], why: str
) -> None:
    (job,) = jobs(dataclasses.replace(settings, **change), entry(PLANK), exercise="plank")
    outcome = judge(job)
    assert isinstance(outcome, Unfit)
    assert why in outcome.sentence


def test_a_fingerprint_is_of_the_content(settings: JobSettings, tmp_path: Path) -> None:
    copy = tmp_path / "copy.rec"
    shutil.copy(PLANK, copy)
    first, second = (fingerprint(job) for job in jobs(settings, entry(PLANK), entry(copy)))
    assert isinstance(first, Fingerprint)
    assert first == second


def test_a_name_that_is_no_unicode_can_be_written() -> None:
    assert printable("clip\udcff.mp4") == "clip\\udcff.mp4"


# --- the summary --------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_summary_names_what_can_be_used_and_what_cannot(
    settings: JobSettings, tmp_path: Path
) -> None:
    store = ResultStore(tmp_path)
    (job,) = jobs(settings, entry(ABDUCTION))
    judged = result(job).result
    store.save(judged)
    done = [
        Concluded(0, "good.rec", judged.key),
        Concluded(1, "bad.rec", None, failed_row(job, "It is damaged.")),
    ]
    write_tables(tmp_path, done, store, settings.provenance())
    lines = list(summary_lines(tmp_path))
    assert lines[0] == "2 recordings: 1 judged, 1 failed"
    (row,) = (line.split() for line in lines if line.startswith("side_lying_hip_abduction"))
    found = judged.rows["sets"][0]
    assert row[1:6] == ["1", *(f"{found[s]:.0f}" for s in ("correct_s", "wrong_s", "cant_tell_s")),
                        f"{found['reps']}/{found['reps'] + found['reps_rejected']}"]  # fmt: skip
    assert lines[-1] == "  bad.rec: It is damaged."
