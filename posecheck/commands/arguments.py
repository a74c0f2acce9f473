"""Words of the command line -> exercises, routines, sides and models.

Every word that is not known is a `CommandError` with a suggestion. Nothing heavy is imported here
at once: `--help` reads this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from posecheck.coach.speech_queue import Talk
    from posecheck.exercise import Exercise, Routine
    from posecheck.io.routines.load import Library
    from posecheck.pose import Side


class CommandError(Exception):
    """The command cannot be carried out as it was given. The message is one sentence or two."""


def library_in(folder: Path | None) -> Library:
    from posecheck.io.routines.load import load_all

    return load_all(folder)


def by_name(library: Library) -> dict[str, Exercise | Routine]:
    """Exercises by their ids, names and aliases."""
    names: dict[str, Exercise | Routine] = {}
    for exercise in library.exercises.values():
        names |= dict.fromkeys((exercise.name.lower(), *exercise.aliases), exercise)
    return names | dict(library.exercises)


def named_exercise(name: str, library: Library) -> Exercise:
    from posecheck.exercise import Exercise

    word = name.lower().replace("-", "_").replace(" ", "_")
    if name not in by_name(library) and word in library.routines:
        raise CommandError(
            f"{word} is a routine. Give one of its exercises; see them with: posecheck show {word}"
        )
    found = named(name, by_name(library), "exercise")
    assert isinstance(found, Exercise)
    return found


def replayed_exercises(name: str | None, library: Library) -> tuple[Exercise, ...]:
    """The exercises that a replay judges: one, or every one that a camera can check for "all".
    None for what was recorded."""
    if name is None:
        return ()
    if name == "all":
        return tuple(e for e in library.exercises.values() if e.check != "none")
    return (named_exercise(name, library),)


def named(name: str, known: dict[str, Any], what: str) -> Any:
    from posecheck.io.routines.problems import LISTED

    for word in (name, name.lower(), name.lower().replace("-", "_").replace(" ", "_")):
        if word in known:
            return known[word]
    hint = _nearest(name, known)
    if len(known) > LISTED and not hint.endswith("?"):
        hint = "no known one is like it."
    raise CommandError(f"There is no {what} '{name}'; {hint} See all with: posecheck list")


def _nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: a suggestion, or all known words."""
    from posecheck.io.routines.problems import suggestion

    hint = suggestion(word, tuple(known))
    return hint if hint.endswith("?") else f"{hint}."


def named_routine(name: str, library: Library) -> Routine:
    from posecheck.exercise import Routine

    if name in library.exercises:
        raise CommandError(f"{name} is an exercise. Give it with: --exercise {name}")
    found = named(name, dict(library.routines), "routine")
    assert isinstance(found, Routine)
    return found


def named_talk(word: str | None) -> Talk | None:
    from posecheck.io.store.settings import TALKS

    for talk in TALKS:
        if word == talk:
            return talk
    if word is None:
        return None
    raise CommandError(f"There is no voice '{word}'; {_nearest(word, TALKS)}")


def named_side(side: str | None) -> Side | None:
    if side in (None, "left", "right"):
        return "left" if side == "left" else "right" if side else None
    raise CommandError(f"There is no side '{side}'; {_nearest(side, ('left', 'right'))}")


def working_side(exercise: Exercise, side: str | None) -> tuple[Side | None, str]:
    """The side to judge on, and a remark about that choice, "" for none."""
    chosen = named_side(side)
    if exercise.sides == "none":
        remark = f"{exercise.id} has no working side: --side {side} is not used." if side else ""
        return None, remark
    if side is None and exercise.sides == "each":
        remark = f"No --side given: {exercise.side_means} is taken to be the left."
        return "left", remark
    return chosen, ""


def named_model(name: str) -> str:
    """A model's name or file. The estimator checks what a file holds."""
    from posecheck.io.vision.models import MODELS

    if name in MODELS or Path(name).exists():
        return name
    if Path(name).suffix:
        raise CommandError(
            f"There is no model file {name}. Choose lite or full, or give the path of a .task file."
        )
    raise CommandError(f"There is no model '{name}'; {_nearest(name, MODELS)}")
