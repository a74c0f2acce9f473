"""The result of one set, and of a recording, as lines of text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from posecheck.coach.tally import FaultTime, SetStats
from posecheck.commands.recording import Analysis
from posecheck.pose import opposite
from posecheck.session.events import Blind

REPORTED_BLIND_S = 1.0
"""Report another person in the picture, or a picture that stood still, for at least this long."""

REJECTION_WORDS = {
    "too_small": "too small",
    "too_fast": "too fast",
    "too_slow": "too slow",
    "too_short": "not held long enough",
    "bad_form": "form not kept",
    "unseen": "not seen well enough",
}
"""Why a repetition did not count."""

REPORTED_PARTS = 2
"""Unseen body parts that are named, those that were unseen for longest."""
BLIND_WORDS: Mapping[Blind, str] = {
    "someone_else": "someone else was seen",
    "frozen": "the picture stood still",
    "few_pictures": "too few pictures came to count repetitions",
}
"""Why frames could not be judged, as the rest of "not judged while"."""


def report_lines(set_stats: SetStats) -> Iterator[str]:
    """What came of one set, in words; seconds rounded as far as they can be known."""
    exercise, side = set_stats.planned.exercise, set_stats.planned.side
    yield exercise.name + (f", {side} side" if side else "")
    if not set_stats.checked:
        yield f"  not form-checked: {set_stats.unchecked_s:.0f} seconds"
        return
    if exercise.category == "reps":
        yield f"  {set_stats.progress.reps} repetitions counted{_rejections(set_stats)}"
    yield (
        f"  {set_stats.correct_s:.0f} s correct, {set_stats.wrong_s:.0f} s wrong, "
        f"{set_stats.cant_tell_s:.0f} s can't tell, {set_stats.before_s:.0f} s before the start"
    )
    if set_stats.form:
        yield f"  form: {set_stats.form}"
    for fault in sorted(set_stats.faults.values(), key=lambda fault: -fault.seconds):
        yield f"  {fault.rule.cue}: {_fault_words(fault)}"
    yield from _unjudged(set_stats)
    if set_stats.camera_lean:
        way = "left" if set_stats.camera_lean > 0 else "right"
        lean = f"{abs(set_stats.camera_lean):.0f} degrees to the {way}"
        yield f"  the camera leans by {lean}; the angles are corrected"
    if exercise.not_checked:
        yield "  not checked: " + "; ".join(exercise.not_checked)


def _unjudged(set_stats: SetStats) -> Iterator[str]:
    """Why seconds were not judged, where the user can do something about it."""
    side, blind_s = set_stats.planned.side, set_stats.blind_s
    if blind_s["wrong_side"] and side is not None:
        words = f"not judged while the {opposite(side)} side seemed to be working"
        yield f"  {words}: {blind_s['wrong_side']:.0f} s"
    elif set_stats.begun_s is None:
        yield "  the form was never right long enough to begin"
    if blind_s["sideways"] >= REPORTED_BLIND_S:
        words = "the body lay along the picture; was the camera on its side?"
        yield f"  not judged for {blind_s['sideways']:.0f} s: {words}"
    if blind_s["parts"] >= REPORTED_BLIND_S:
        hidden = sorted(set_stats.hidden_s, key=lambda part: -set_stats.hidden_s[part])
        words = " and ".join(hidden[:REPORTED_PARTS])
        yield f"  not judged for {blind_s['parts']:.0f} s: not seen: {words}"
    for why, words in BLIND_WORDS.items():
        if blind_s[why] >= REPORTED_BLIND_S:
            yield f"  not judged while {words}: {blind_s[why]:.0f} s"


def remarks(analysis: Analysis, name: str) -> Iterator[str]:
    """Sentences about a recording and the people in it, which decide whether its result can be
    used."""
    yield from analysis.remarks
    if analysis.twins:
        yield (
            f"Two people are in {name}, and nobody can say whose exercise it is. "
            "Film one person, or have the others stand farther back."
        )
        return
    if analysis.beside_s >= REPORTED_BLIND_S:
        yield (
            f"Someone else was in the picture for {analysis.beside_s:.0f} s; the person seen first "
            "and nearest was judged."
        )
    if analysis.nobody:
        yield f"Nobody was seen in {name}."


def _fault_words(fault: FaultTime) -> str:
    """ "9 s, first at 2 s, 3 s of it before the start"."""
    lasted = f"{fault.seconds:.0f} s" if fault.seconds >= 0.5 else "under 1 s"
    words = f"{lasted}, first at {fault.first_s:.0f} s"
    if fault.early_s < 0.5:
        return words
    early = "all" if fault.early_s >= fault.seconds - 0.5 else f"{fault.early_s:.0f} s"
    return f"{words}, {early} of it before the start"


def _rejections(set_stats: SetStats) -> str:
    if not set_stats.rejected:
        return ""
    parts = (f"{count} {REJECTION_WORDS[why]}" for why, count in set_stats.rejected.items())
    return f", not counted: {', '.join(parts)}"
