"""The user's moves and skips: carried out, unless one would pass a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from posecheck.history.plan_rules import TRACKS, WEEK
from posecheck.history.plan_values import PlanChoice, PlanItem, Reason, Wishes


def choose(
    items: list[PlanItem], choices: Sequence[PlanChoice], wishes: Wishes, today: date
) -> tuple[list[PlanItem], list[Reason]]:
    """The items after the user's moves and skips, and a note for each that was refused."""
    notes: list[Reason] = []
    for choice in choices:
        found = next((i for i in items if (i.day, i.track) == (choice.day, choice.track)), None)
        if found is None:
            continue
        items = [item for item in items if item is not found]
        if choice.action == "skip":
            continue
        moved = replace(found, day=choice.to or found.day, why=(*found.why, Reason("moved")))
        if problem := _refusal(moved, items, wishes, today):
            notes.append(Reason(problem, (("track", found.track),)))
            moved = found
        items = sorted([*items, moved], key=lambda i: (i.day, TRACKS.index(i.track)))
    return items, notes


def _refusal(moved: PlanItem, items: Sequence[PlanItem], wishes: Wishes, today: date) -> str:
    """Why an item cannot be moved to its day, "" when it can."""
    monday = today - timedelta(days=today.weekday())
    same = [item for item in items if item.day == moved.day]
    if not today <= moved.day < monday + timedelta(days=WEEK):
        return "refused_day"
    if any(item.track == moved.track for item in same):
        return "refused_twice"
    minutes = sum(item.minutes for item in same if item.track != "walking")
    if moved.track != "walking" and minutes + moved.minutes > wishes.minutes:
        return "refused_minutes"
    days = {item.day for item in items} | {moved.day}
    if len(days) > wishes.days:
        return "refused_days"
    near = [i for i in items if i.track == "strength" and abs((i.day - moved.day).days) == 1]
    return "refused_rest" if moved.track == "strength" and near else ""
