"""What came of one set, in lines of words for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from posecheck.coach.tally import FaultTime, SetStats

OTHERS_S = 1.0
"""Report another person who was in the picture for at least this long."""

REASONS = {
    "too_small": "too small",
    "too_fast": "too fast",
    "too_slow": "too slow",
    "too_short": "not held long enough",
    "bad_form": "form not kept",
    "unseen": "not seen well enough",
}
"""Why a repetition did not count."""


def account_lines(account: SetStats) -> Iterator[str]:
    """What came of one set, in words; seconds rounded as far as they can be known."""
    exercise, side = account.planned.exercise, account.planned.side
    yield exercise.name + (f", {side} side" if side else "")
    if not account.checked:
        yield f"  not form-checked: {account.unchecked_s:.0f} seconds"
        return
    if exercise.category == "reps":
        yield f"  {account.progress.reps} repetitions counted{_rejections(account)}"
    yield (
        f"  {account.correct_s:.0f} s correct, {account.wrong_s:.0f} s wrong, "
        f"{account.cant_tell_s:.0f} s can't tell, {account.before_s:.0f} s before the start"
    )
    if account.form:
        yield f"  form: {account.form}"
    for fault in sorted(account.faults.values(), key=lambda fault: -fault.seconds):
        yield f"  {fault.rule.cue}: {_fault_words(fault)}"
    if account.begun_s is None:
        yield "  the form was never right long enough to begin"
    if account.blind_s["someone_else"] >= OTHERS_S:
        yield f"  not judged while someone else was seen: {account.blind_s['someone_else']:.0f} s"
    if exercise.not_checked:
        yield "  not checked: " + "; ".join(exercise.not_checked)


def _fault_words(fault: FaultTime) -> str:
    """ "9 s, first at 2 s, 3 s of it before the start"."""
    lasted = f"{fault.seconds:.0f} s" if fault.seconds >= 0.5 else "under 1 s"
    words = f"{lasted}, first at {fault.first_s:.0f} s"
    if fault.early_s < 0.5:
        return words
    early = "all" if fault.early_s >= fault.seconds - 0.5 else f"{fault.early_s:.0f} s"
    return f"{words}, {early} of it before the start"


def _rejections(account: SetStats) -> str:
    if not account.rejected:
        return ""
    parts = (f"{count} {REASONS[why]}" for why, count in account.rejected.items())
    return f", not counted: {', '.join(parts)}"
