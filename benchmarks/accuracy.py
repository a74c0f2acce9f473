"""How right the verdicts are: recordings whose truth is known, judged by today's rules.

    uv run python benchmarks/accuracy.py                       what the project contains, in seconds
    uv run python benchmarks/accuracy.py --baseline            writes tests/accuracy.json
    uv run python benchmarks/accuracy.py --page docs/accuracy.md --truth DIR --recordings DIR \\
        --streams DIR --views DIR --work DIR --pictures CLIP ...

--truth       folder of NAME.json, the truth of NAME.rec (and of NAME.mp4, for --pictures), or one
              file with several; may be given more than once, as may --recordings
--recordings  folder of NAME.rec as `posecheck analyze --record` writes them
--streams     folder of NAME.npz or NAME.rec of real people, and streams.json with their labels
--views       folder of views.npz and views.json: stills from turned cameras, with true angles
--pictures    clips whose pictures are changed (dark, blurred, enlarged) and pass the model again;
              what it saw is kept under --work

Every clip is judged as it is and as each changed copy; every stream as its own exercise and, in the
impostor matrix, as every other one. `scoring.py` holds the definitions.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from accuracy_baseline import BASELINE, as_json, figures
from accuracy_page import page
from changed_copies import LANDMARKS, PICTURES, Frames, record
from scoring import (
    ClipTruth,
    Impostor,
    Judgement,
    Score,
    StreamTruth,
    all_sets,
    impostor,
    judge_all,
    read_clip_truths,
    read_stream_truths,
    score_clip,
    score_stream,
    total,
)
from turned_cameras import ViewError, view_errors

from posecheck.commands.rejudge_file import open_stream
from posecheck.exercise import Exercise
from posecheck.io.routines.load import load_all
from posecheck.io.store.recording import Recording
from posecheck.pose import SIDES, Side, opposite

ROOT = Path(__file__).parents[1]
OWN_RECORDINGS = ROOT / "tests" / "recordings"
OWN_RENDERED = OWN_RECORDINGS / "rendered"
OWN_TRUTHS = (ROOT / "tests" / "clips", OWN_RENDERED / "truth.json")
AS_IT_IS = "unchanged"
BASELINE_COPIES = ("mirrored", "5 pictures/s", "leaning 5°")
BASELINE_COPIES_OF = ("plank_adam_L", "supine_spinal_twist_carl_L")
"""Changed copies cost as much as originals; the baseline has them of a few clips only."""

BASELINE_IMPOSTORS = {
    "crunch_adam_L": "lying_glute_stretch",
    "high_knees_beth_R": "knee_hugs",
    "knee_hugs_adam_L": "high_knees",
    "plank_adam_L": "renegade_row",
    "quad_stretch_beth_R": "butt_kicks",
}
"""Clip -> an exercise that resembles its own, judged on the right where it has sides. All pairs
would cost minutes. Streams that are stored as another exercise than their own are judged so."""


@dataclass(frozen=True, slots=True)
class Row:
    """One recording and its score. `copy`: how it was changed, AS_IT_IS for not at all."""

    name: str
    exercise: str
    view: str
    copy: str
    score: Score

    def data(self) -> dict[str, Any]:
        """As JSON."""
        place = {"name": self.name, "exercise": self.exercise, "view": self.view}
        return {**place, "copy": self.copy, **self.score.data()}


@dataclass(slots=True)
class Report:
    """Everything that was measured.

    clips      rendered clips, as they are and changed
    streams    real people, as their own exercise
    impostors  real people as other exercises: every pair that may not count
    clip_impostors  the same for rendered clips
    pictured   the clips whose pictures were changed
    skipped    recordings that could not be judged: their exercise is not in the library
    """

    clips: list[Row] = field(default_factory=list)
    streams: list[Row] = field(default_factory=list)
    impostors: list[Impostor] = field(default_factory=list)
    clip_impostors: list[Impostor] = field(default_factory=list)
    views: list[ViewError] = field(default_factory=list)
    pictured: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def copies(self) -> dict[str, Score]:
        """The sum of each changed copy, and of the originals, in order."""
        names = dict.fromkeys(row.copy for row in self.clips)
        return {n: total(row.score for row in self.clips if row.copy == n) for n in names}


@cache
def exercises() -> Mapping[str, Exercise]:
    """The shipped exercises."""
    return load_all().exercises


# --- clips --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording with its truth."""

    truth: ClipTruth
    exercise: Exercise
    side: Side | None
    path: Path

    def frames(self) -> Frames:
        return list(Recording(self.path).frames())

    def row(self, copy: str, frames: Frames) -> Row:
        """The score of the clip or of a changed copy of it."""
        side, near = self.side, self.truth.near
        if copy == "mirrored":
            side, near = (None if s is None else opposite(s) for s in (side, near))
        (judged,) = judge_all(frames, [(self.exercise, side)])
        view = self.exercise.camera.view if self.exercise.camera else "any"
        score = score_clip(self.truth, judged, near)
        return Row(self.truth.name, self.exercise.id, view, copy, score)


def find_clips(
    truths: Sequence[Path], recordings: Sequence[Path], skipped: list[str]
) -> Iterator[Clip]:
    """The recordings that have a truth, by name."""
    known: dict[str, ClipTruth] = {}
    for path in truths:
        known |= read_clip_truths(path)
    paths = {each.stem: each for folder in recordings for each in sorted(folder.glob("*.rec"))}
    for name, truth in sorted(known.items()):
        exercise = exercises().get(truth.exercise)
        if name not in paths or exercise is None:
            skipped.append(name)
            continue
        (recorded,) = Recording(paths[name]).header.sets
        yield Clip(truth, exercise, recorded.side, paths[name])


def clip_rows(clips: Iterable[Clip], copies: Callable[[Clip], Iterable[str]]) -> Iterator[Row]:
    """Every clip as it is and as the changed copies that are asked for."""
    for clip in clips:
        frames = clip.frames()
        yield clip.row(AS_IT_IS, frames)
        for name in copies(clip):
            yield clip.row(name, LANDMARKS[name][1](frames))


def picture_rows(clip: Clip, video: Path, work: Path) -> Iterator[Row]:
    """The clip with changed pictures; the model's answers are kept under `work`."""
    for name, (_, change) in PICTURES.items():
        path = work / name / f"{clip.truth.name}.rec"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            record(video, clip.exercise, clip.side, path, change)
        yield clip.row(name, list(Recording(path).frames()))


def video_of(name: str, truths: Sequence[Path]) -> Path:
    """The video beside a truth. FileNotFoundError without one."""
    for folder in truths:
        if (path := folder / f"{name}.mp4").exists():
            return path
    raise FileNotFoundError(f"{name}.mp4 is in none of the folders of --truth")


# --- streams ------------------------------------------------------------------------------------


def stream_paths(folder: Path, truths: Mapping[str, StreamTruth]) -> dict[str, Path]:
    """The file of each labelled stream."""
    files = {each.stem: each for suffix in ("rec", "npz") for each in folder.glob(f"*.{suffix}")}
    return {name: files[name] for name in sorted(truths) if name in files}


def own_sets(truth: StreamTruth) -> list[tuple[Exercise, Side | None]]:
    """The exercise that a stream shows, on its side."""
    own = exercises().get(truth.exercise)
    if own is None:
        return []
    return [(own, truth.side if own.sides == "each" else None)]


def every_set(truth: StreamTruth) -> list[tuple[Exercise, Side | None]]:
    """Every exercise on every side, the stream's own included."""
    return all_sets(exercises().values())


def recorded_set(path: Path) -> Callable[[StreamTruth], list[tuple[Exercise, Side | None]]]:
    """The exercise as which a stream was stored: its own, or one that it may not count as."""
    (recorded,) = Recording(path).header.sets
    return lambda truth: [(exercises()[recorded.exercise], recorded.side)]


def judge_stream(
    report: Report,
    truth: StreamTruth,
    path: Path,
    sets: Callable[[StreamTruth], list[tuple[Exercise, Side | None]]],
) -> None:
    """Add the rows of one stream to a report."""
    for judged in judge_all(open_stream(path).frames, sets(truth)):
        if truth.shows(judged.exercise, judged.side):
            if _labelled(truth, judged):
                score = score_stream(truth, judged)
                row = Row(truth.name, truth.exercise, truth.view, AS_IT_IS, score)
                report.streams.append(row)
        elif found := impostor(truth.name, truth.exercise, truth.also, judged):
            report.impostors.append(found)


def _labelled(truth: StreamTruth, judged: Judgement) -> bool:
    """Whether there is something to compare with. An exercise with one set for both sides and a
    stream without a side are judged once: on the left."""
    if truth.side is None and judged.side not in (None, SIDES[0]):
        return False
    return truth.holds is not None or truth.reps is not None


def clip_impostors(clips: Iterable[Clip], labels: Iterable[StreamTruth]) -> Iterator[Impostor]:
    """Every clip as every other exercise. The labels of the streams say which may rightly count for
    one another: where one stream of an exercise may count as another, all of its clips may."""
    also: dict[str, set[str]] = defaultdict(set)
    for label in labels:
        also[label.exercise] |= label.also
    for clip in clips:
        progress(f"{clip.truth.name}, as every exercise")
        shown = clip.exercise.id
        for judged in judge_all(clip.frames(), all_sets(exercises().values())):
            if found := impostor(clip.truth.name, shown, also[shown], judged):
                yield found


# --- the whole ----------------------------------------------------------------------------------


def own_report() -> Report:
    """What the project contains: what `tests/accuracy.json` is compared with."""
    report = Report()
    clips = list(find_clips(OWN_TRUTHS, (OWN_RECORDINGS, OWN_RENDERED), report.skipped))
    report.clips += clip_rows(
        clips, lambda clip: BASELINE_COPIES if clip.truth.name in BASELINE_COPIES_OF else ()
    )
    for clip in clips:
        if other := BASELINE_IMPOSTORS.get(clip.truth.name):
            sets = all_sets([exercises()[other]])
            judged = judge_all(clip.frames(), sets)[-1]
            found = impostor(clip.truth.name, clip.exercise.id, (), judged)
            report.clip_impostors += [found] if found else []
    truths = read_stream_truths(OWN_RECORDINGS)
    for name, path in stream_paths(OWN_RECORDINGS, truths).items():
        judge_stream(report, truths[name], path, recorded_set(path))
    return report


def full_report(options: argparse.Namespace) -> Report:
    """Everything in the folders that were given."""
    report = Report(pictured=list(options.pictures))
    clips = list(find_clips(options.truth, options.recordings, report.skipped))
    for clip in clips:
        progress(clip.truth.name)
        report.clips += clip_rows([clip], lambda _: LANDMARKS)
    for clip in clips:
        if clip.truth.name in options.pictures:
            progress(f"{clip.truth.name}, changed pictures")
            video = video_of(clip.truth.name, options.truth)
            report.clips += picture_rows(clip, video, options.work)
    if options.streams:
        truths = read_stream_truths(options.streams)
        if options.impostors:
            report.clip_impostors += clip_impostors(clips, truths.values())
        for name, path in stream_paths(options.streams, truths).items():
            progress(name)
            judge_stream(report, truths[name], path, every_set if options.impostors else own_sets)
    if options.views:
        progress("views")
        report.views += view_errors(options.views, exercises())
    return report


def progress(name: str) -> None:
    """Say on stderr what is judged now."""
    print(name, file=sys.stderr, flush=True)


def baseline_figures(report: Report) -> dict[str, dict[str, float]]:
    """The figures of every recording, as the baseline has them."""
    rows = {
        row.name if row.copy == AS_IT_IS else f"{row.name}, {row.copy}": figures(row.score)
        for row in (*report.clips, *report.streams)
    }
    for each in (*report.impostors, *report.clip_impostors):
        name = f"{each.stream} as {each.exercise}"
        rows[name] = {"impostor_s": round(each.right_s, 2), "impostor_reps": float(each.reps)}
    return rows


def report_data(report: Report) -> dict[str, Any]:
    """The report as JSON; of the impostors only those that were taken for the exercise."""
    return {
        "clips": [row.data() for row in report.clips],
        "streams": [row.data() for row in report.streams],
        "impostor_pairs": len(report.impostors),
        "impostors": _taken(report.impostors),
        "clip_impostor_pairs": len(report.clip_impostors),
        "clip_impostors": _taken(report.clip_impostors),
        "views": [each.data() for each in report.views],
        "pictured": report.pictured,
        "skipped": report.skipped,
    }  # fmt: skip


def _taken(impostors: Iterable[Impostor]) -> list[dict[str, Any]]:
    """Those that were taken for the exercise."""
    return [asdict(each) for each in impostors if each.wrong]


def short_text(report: Report) -> str:
    """The sums, for a terminal."""
    lines = []
    sums = {f"clips, {name}": score for name, score in report.copies().items()}
    sums["real people"] = total(row.score for row in report.streams)
    for name, s in sums.items():
        figures_of = (
            ("right form credited", s.recall), ("false credit", s.false_credit),
            ("faults named", s.fault_recall), ("calls true", s.precision),
            ("can't tell", s.cant_tell),
        )  # fmt: skip
        words = [f"{what} {100 * value:.1f} %" for what, value in figures_of if value == value]
        words.append(f"repetitions right in {s.exact_clips} of {s.counted_clips}")
        lines.append(f"{name} ({s.clips}): " + ", ".join(words))
    for what, pairs in (("real", report.impostors), ("rendered", report.clip_impostors)):
        wrong = [i for i in pairs if i.wrong]
        seconds, reps = math.fsum(i.right_s for i in wrong), sum(i.reps for i in wrong)
        lines.append(
            f"impostors, {what}: {len(wrong)} of {len(pairs)} pairs, {seconds:.1f} s called right, "
            f"{reps} repetitions counted"
        )
    return "\n".join(lines)


def parsed(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--truth", type=Path, action="append", default=[])
    parser.add_argument("--recordings", type=Path, action="append", default=[])
    parser.add_argument("--streams", type=Path)
    parser.add_argument("--views", type=Path)
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "accuracy")
    parser.add_argument("--pictures", nargs="*", default=[], metavar="CLIP")
    parser.add_argument("--no-impostors", dest="impostors", action="store_false")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--page", type=Path, help="write the page to this file")
    parser.add_argument("--baseline", action="store_true", help=f"write {BASELINE.name}")
    options = parser.parse_args(arguments)
    if bool(options.truth) != bool(options.recordings):
        parser.error("--truth and --recordings belong together: a recording and what is true of it")
    for folder in (*options.truth, *options.recordings, options.streams, options.views):
        if folder is not None and not folder.exists():
            parser.error(f"{folder} does not exist")
    if options.baseline and (options.truth or options.streams or options.views):
        parser.error("--baseline is made from what the project contains; give no folders with it")
    return options


def main() -> None:
    options = parsed()
    own = not (options.truth or options.streams or options.views)
    report = own_report() if own else full_report(options)
    print(short_text(report))
    if options.baseline:
        BASELINE.write_text(as_json(baseline_figures(report)), encoding="utf-8")
    if options.json:
        text = json.dumps(report_data(report), indent=1, ensure_ascii=False)
        options.json.write_text(text + "\n", encoding="utf-8")
    if options.page:
        options.page.write_text(page(report_data(report), exercises()), encoding="utf-8")


if __name__ == "__main__":
    main()
