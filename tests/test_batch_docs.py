"""docs/batch.md: its tables are those of the code, and its examples run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from golden import FOLDER

from posecheck.commands.batch_job import JobSettings, Judged, judge
from posecheck.commands.batch_request import BatchRequest, jobs_of
from posecheck.io.batch.manifest import COLUMNS, entries_of
from posecheck.io.batch.results import Concluded, ResultStore, write_tables
from posecheck.io.batch.schema import TABLES
from posecheck.io.motion.track import FLAG_WORDS
from posecheck.io.routines.load import load_all

TEXT = (Path(__file__).parents[1] / "docs" / "batch.md").read_text(encoding="utf-8")


def test_the_page_lists_every_column_with_unit_and_meaning() -> None:
    for name, columns in TABLES.items():
        section = TEXT.split(f"\n### {name}\n")[1].split("\n### ")[0]
        found = [line for line in section.splitlines() if line.startswith("| `")]
        assert found == [f"| `{c.name}` | {c.kind} | {c.unit} | {c.about} |" for c in columns]
    assert set(re.findall(r"\n### (\w+)\n", TEXT)) == set(TABLES)


def test_the_page_lists_the_manifest_and_the_flags() -> None:
    section = TEXT.split("## Manifest")[1].split("## Results")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == COLUMNS
    flags = re.findall(r"^\| (\d) \| `(\w+)` \|", TEXT, re.MULTILINE)
    assert flags == [(str(number), word) for number, word in enumerate(FLAG_WORDS)]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which there is a folder `results`."""
    folder = tmp_path_factory.mktemp("docs")
    settings = JobSettings("", "", frames=True)
    entries, _ = entries_of([str(FOLDER / "side_leg_raise_front.rec")])
    request = BatchRequest((), folder, "")
    (job,) = jobs_of(entries, request, settings, load_all())
    outcome = judge(job)
    assert isinstance(outcome, Judged)
    out = folder / "results"
    store = ResultStore(out)
    store.save(outcome.result)
    done = [Concluded(0, job.recording, outcome.result.key)]
    write_tables(out, done, store, settings.provenance())
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("pandas", r"side_lying_hip_abduction +\d"),
        ("duckdb", r"side_lying_hip_abduction.*\d"),
        ("units", r"0\.1\.0\n(.*\n)+correct_s s\n"),
    ],
)
def test_the_examples_run(
    name: str,
    printed: str,
    results: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = re.search(rf"<!-- example: {name} -->\n```python\n(.*?)```", TEXT, re.DOTALL)
    assert code is not None
    monkeypatch.chdir(results)
    exec(compile(code[1], f"docs/batch.md ({name})", "exec"), {})
    assert re.search(printed, capsys.readouterr().out)
