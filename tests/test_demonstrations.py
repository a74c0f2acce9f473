"""Every demonstration is right by the rules of its own exercise: text, limits and picture agree.

The films of `routines/pictures`, as the full model saw them, are in
`tests/recordings/demonstrations`. Each is judged three times in a row after two seconds at its
start, as a user would do the exercise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from shipped import LIBRARY

from posecheck.commands.rejudge import SetJudge, judged_by_all
from posecheck.io.paths import data_folder
from posecheck.io.store.recording import Recording
from posecheck.io.store.recording_block import RecordedFrame

FOLDER = Path(__file__).parent / "recordings" / "demonstrations"
FILMS = sorted((data_folder("routines") / "pictures").glob("*.mp4"))
START_S, TIMES = 2.0, 3
LEAST_HELD_S, LEAST_REPS = 4.5, 2
"""Of three films of 5 s, half of each is the way there and back."""
LITTLE = {"supine_spinal_twist": 2.0}
"""From the film's own camera the body is hardly told from one that is sitting up."""


def repeated(frames: list[RecordedFrame]) -> Iterator[RecordedFrame]:
    """The first frame for START_S, then all of them, TIMES times."""
    step = frames[1].t - frames[0].t
    for number in range(round(START_S / step)):
        yield replace(frames[0], t=number * step)
    for turn in range(TIMES):
        start = START_S + turn * (frames[-1].t + step)
        for frame in frames:
            yield replace(frame, t=start + frame.t)


def test_every_film_has_a_recording() -> None:
    assert {film.stem for film in FILMS} == {path.stem for path in FOLDER.glob("*.rec")}


@pytest.mark.slow
@pytest.mark.parametrize("name", [film.stem for film in FILMS])
def test_a_demonstration_is_right_by_its_own_rules(name: str) -> None:
    exercise = LIBRARY.exercises[name]
    judge = SetJudge(exercise, "left" if exercise.sides == "each" else None, 2)
    frames = list(repeated(list(Recording(FOLDER / f"{name}.rec").frames())))
    for _ in judged_by_all(frames, [judge]):
        pass
    answer = judge.traces[0].answer(name, judge.stats.sets[0], frames[-1].t)
    if exercise.category == "reps":
        assert answer["reps"] >= LEAST_REPS
    else:
        assert answer["right_s"] >= LITTLE.get(name, LEAST_HELD_S)
