"""What the command line's words mean: the exercise, routine, side, voice and model they name.

A wrong word is a `CommandError` with a suggestion. Everything heavy is imported where it is needed,
so that `--help` answers quickly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from posecheck.io.errors import UserError

if TYPE_CHECKING:
    from posecheck.coach.speech_queue import Talk
    from posecheck.exercise import Exercise, Routine
    from posecheck.io.motion.export import Format
    from posecheck.io.routines.load import Library
    from posecheck.io.store.history_export import Format as HistoryFormat
    from posecheck.pose import Side

WEEK_S = 7 * 86400
"""The longest time for a desk that ends by itself; Qt's timers end after three weeks."""

ModelOption = Annotated[
    str, typer.Option("--model", help="Pose model: full, lite (faster, less exact), or a file.")
]
RoutinesOption = Annotated[
    Path | None,
    typer.Option("--routines", help="Folder of exercises and routines, instead of the shipped."),
]

LanguageOption = Annotated[
    str,
    typer.Option(
        "--language", metavar="CODE", help="en, de or es, instead of the one of the settings."
    ),
]

RecordOption = Annotated[
    Path | None,
    typer.Option(
        "--record",
        metavar="FILE",
        help="Also record the landmarks (joints, never pictures) for `posecheck replay`.",
    ),
]

EveryOption = Annotated[
    float | None,
    typer.Option(min=0, max=1, metavar="SECONDS", help="Time between judged frames; 1/15 or less."),
]
AllFramesOption = Annotated[bool, typer.Option("--all-frames", help="Judge every frame.")]
FpsOption = Annotated[
    float | None,
    typer.Option(
        "--fps",
        metavar="RATE",
        help="Pictures per second of a folder of images (10 when left out), or of a stream without "
        "times.",
    ),
]
ExportOption = Annotated[
    list[str] | None,
    typer.Option(
        "--export",
        metavar="FORMAT",
        help="Also the landmarks and angles as trc, csv or c3d, with gaps where they are not "
        "trusted; may be given several times.",
    ),
]


NoCameraOption = Annotated[
    bool, typer.Option("--no-camera", help="By voice and clock; nothing is checked.")
]


class CommandError(UserError):
    """The command cannot be carried out as it was given."""


def refuse_camera_options(no_camera: bool, *needed: object) -> None:
    """What needs a camera cannot be given together with --no-camera. Raises CommandError."""
    if no_camera and any(needed):
        raise CommandError(
            "Without a camera there is nothing to watch or record: leave out --no-camera, or the "
            "options --source, --record and --calibrate."
        )


def refuse_empty(words: list[str]) -> None:
    """An empty name would mean the current folder, or the default: a slip in a script, as when a
    variable is not set."""
    for before, word in zip(["", *words], words, strict=False):
        if not word.strip() or re.fullmatch(r"--[a-z-]+=\s*", word):
            where = word.rstrip("= ") or before
            raise CommandError(
                f"An argument is empty, after '{where}'. Give a value, or leave it out."
            )


def read_library(folder: Path | None) -> Library:
    """The exercises and routines of a folder; None for the shipped ones. Raises RoutineError."""
    from posecheck.io.routines.load import load_all

    return load_all(folder)


def by_name(library: Library) -> dict[str, Exercise | Routine]:
    """The exercises by id, name and alias."""
    names: dict[str, Exercise | Routine] = {}
    for exercise in library.exercises.values():
        names |= dict.fromkeys((exercise.name.lower(), *exercise.aliases), exercise)
    return names | dict(library.exercises)


def find_exercise(name: str, library: Library) -> Exercise:
    """The exercise with this id, name or alias. Raises CommandError."""
    from posecheck.exercise import Exercise

    word = name.lower().replace("-", "_").replace(" ", "_")
    if name not in by_name(library) and word in library.routines:
        raise CommandError(
            f"{word} is a routine. Give one of its exercises; see them with: posecheck show {word}"
        )
    found = find(name, by_name(library), "exercise")
    assert isinstance(found, Exercise)
    return found


def find(name: str, known: dict[str, Any], what: str) -> Any:
    """The value with this name, in any spelling of it. Raises CommandError.

    what  what is looked for, for the sentence: "exercise"
    """
    from posecheck.suggestion import LISTED

    for word in (name, name.lower(), name.lower().replace("-", "_").replace(" ", "_")):
        if word in known:
            return known[word]
    hint = _nearest(name, known)
    if len(known) > LISTED and not hint.endswith("?"):
        hint = "no known one is like it."
    raise CommandError(f"There is no {what} '{name}'; {hint} See all with: posecheck list")


def _nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word."""
    from posecheck.suggestion import suggestion

    hint = suggestion(word, tuple(known))
    return hint if hint.endswith("?") else f"{hint}."


def find_routine(name: str, library: Library) -> Routine:
    """The routine with this id. Raises CommandError."""
    from posecheck.exercise import Routine

    if name in library.exercises:
        raise CommandError(f"{name} is an exercise. Give it with: --exercise {name}")
    found = find(name, dict(library.routines), "routine")
    assert isinstance(found, Routine)
    return found


def read_talk(word: str | None) -> Talk | None:
    """How much is spoken; None when it was not given. Raises CommandError."""
    from posecheck.io.store.settings import TALKS

    for talk in TALKS:
        if word == talk:
            return talk
    if word is None:
        return None
    raise CommandError(f"There is no voice '{word}'; {_nearest(word, TALKS)}")


def read_history_format(word: str) -> HistoryFormat:
    """The format of an export. Raises CommandError."""
    from posecheck.io.store.history_export import FORMATS

    for form in FORMATS:
        if word == form:
            return form
    raise CommandError(f"There is no format '{word}'; {_nearest(word, FORMATS)}")


def read_side(side: str | None) -> Side | None:
    """The side; None when it was not given. Raises CommandError."""
    if side in (None, "left", "right"):
        return "left" if side == "left" else "right" if side else None
    raise CommandError(f"There is no side '{side}'; {_nearest(side, ('left', 'right'))}")


def read_every(every: float | None, all_frames: bool) -> float | None:
    """Seconds between the frames that are judged, 0 for all; None when nothing was given. Raises
    CommandError."""
    if all_frames and every is not None:
        raise CommandError("Give either --every or --all-frames, not both.")
    return 0.0 if all_frames else every


def working_side(exercise: Exercise, side: str | None) -> tuple[Side | None, str]:
    """The side to judge, and a remark about it ("" for none). Raises CommandError."""
    chosen = read_side(side)
    if exercise.sides == "none":
        remark = f"{exercise.id} has no working side: --side {side} is not used." if side else ""
        return None, remark
    if side is None and exercise.sides == "each":
        remark = f"No --side given: {exercise.side_means} is taken to be the left."
        return "left", remark
    return chosen, ""


def read_model(name: str) -> str:
    """The name or file of a model, whose content is not checked here. Raises CommandError."""
    from posecheck.io.vision.models import MODELS

    if name in MODELS or Path(name).exists():
        return name
    if Path(name).suffix:
        raise CommandError(
            f"There is no model file {name}. Choose lite or full, or give the path of a .task file."
        )
    raise CommandError(f"There is no model '{name}'; {_nearest(name, MODELS)}")


def read_formats(words: list[str] | None) -> tuple[Format, ...]:
    """The formats of --export, each once. Raises CommandError."""
    from posecheck.io.motion.export import FORMATS

    wanted = [word.lower() for word in words or ()]
    for word in wanted:
        if word not in FORMATS:
            raise CommandError(f"There is no format '{word}'; {_nearest(word, FORMATS)}")
    return tuple(each for each in FORMATS if each in wanted)
