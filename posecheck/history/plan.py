"""The plan of a week: what is due on which day, and why.

`plan_week` is a pure function of what was done, what the user wants and what they told. It passes
no limit: not the user's minutes and days, not the answers to the safety questions, not the rest of
what hurt, not the ladders of `plan_rules`. The user may move, skip and overrule; what is not due is
left, never made up for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from posecheck.exercise import Exercise, Routine
from posecheck.history.ladder import Chosen, PastSession, Standing, rung_of, standings
from posecheck.history.plan_choices import choose
from posecheck.history.plan_rules import (
    ASK_AGAIN_DAYS,
    CALM_PAIN,
    EXPIRES,
    GOAL_ROUTINES,
    LADDERS,
    LATELY_DAYS,
    LEAST_MINUTES,
    MOST_REST_DAYS,
    NEVER_NEW,
    NEW_DAYS,
    NEW_GROUPS,
    REST_DAYS,
    STOPS_DAYS,
    STOPS_OUT,
    STRENGTH_ROUTINES,
    TRACKS,
    WEEK,
    Rung,
    Track,
)
from posecheck.history.plan_steps import needed, of_track, shorter, whole_minutes, with_new
from posecheck.history.plan_values import PlanChoice, PlanItem, Reason, Told, WeekPlan, Wishes
from posecheck.session.safety import GENTLE, levelled, planned_s, suited, wants_gentle

DAYS_OF_WEEK: Mapping[int, tuple[int, ...]] = {
    1: (0,),
    2: (0, 3),
    3: (0, 2, 4),
    4: (0, 1, 3, 5),
    5: (0, 1, 2, 4, 5),
    6: (0, 1, 2, 3, 4, 5),
    7: (0, 1, 2, 3, 4, 5, 6),
}
"""Days a week -> which days, from Monday, spread evenly."""
BREATHING_MINUTES = 3
"""Minutes of a day that mobility leaves to breathing where the day has more than 12."""


def plan_week(
    past: Sequence[PastSession],
    wishes: Wishes,
    told: Told,
    today: date,
    exercises: Mapping[str, Exercise],
    routines: Mapping[str, Routine],
    *,
    choices: Sequence[PlanChoice] = (),
    chosen: Sequence[Chosen] = (),
    lessons: Sequence[str] = (),
) -> WeekPlan:
    """The plan of the week of `today`, as it stands on that day.

    past     oldest first
    choices  moves and skips of the user; one that would pass a limit is refused with a note
    chosen   rungs that the user has set
    lessons  ids of the lessons, in the order in which they are offered; none for an empty one
    """
    planner = _Planner(past, wishes, told, today, exercises, routines, chosen, lessons)
    items = [item for day in planner.days() for item in planner.day(day)]
    items, notes = choose(items, choices, wishes, today)
    done = {(each.day, each.track) for each in past}
    return WeekPlan(
        monday=planner.monday,
        items=tuple(replace(i, done=(i.day, i.track) in done) for i in items),
        ask=asked_again(told, today),
        rests=planner.resting,
        notes=(*planner.notes(), *notes),
    )


def asked_again(told: Told, today: date) -> tuple[str, ...]:
    """The tags whose question is due again."""
    return tuple(
        tag
        for tag, days in ASK_AGAIN_DAYS.items()
        if tag in told.tags and (today - told.asked.get(tag, date.min)).days >= days
    )


def tags_on(told: Told, day: date) -> frozenset[str]:
    """The tags that exclude exercises on a day: an answer about a fresh pain is of its day. One
    whose day is not known counts until it is given again."""
    return frozenset(
        tag for tag in told.tags if tag not in EXPIRES or told.asked.get(tag, day) == day
    )


def resting(
    past: Sequence[PastSession], told: Told, today: date, exercises: Mapping[str, Exercise]
) -> frozenset[str]:
    """Ids of the exercises that rest because they, or one of their group, hurt."""
    rests: set[str] = set()
    for session in past:
        ago = (today - session.day).days
        if not session.hurt or not 0 <= ago <= STOPS_DAYS:
            continue
        groups = {exercises[each].group for each in session.hurt if each in exercises}
        if ago <= REST_DAYS:
            rests |= {key for key, each in exercises.items() if each.group in groups}
        calm = any(session.day < d <= today and p <= CALM_PAIN for d, p in told.pains.items())
        if ago <= REST_DAYS or (ago <= MOST_REST_DAYS and not calm):
            rests |= session.hurt
    return frozenset(rests | stopped_often(past, today))


def stopped_often(past: Sequence[PastSession], today: date) -> frozenset[str]:
    """Exercises with so many recent pain stops that a clinician should look at them."""
    recent = [s for s in past if 0 <= (today - s.day).days <= STOPS_DAYS]
    stops = [each for session in recent for each in session.hurt]
    return frozenset(each for each in stops if stops.count(each) >= STOPS_OUT)


class _Planner:
    """One run of `plan_week`."""

    def __init__(
        self,
        past: Sequence[PastSession],
        wishes: Wishes,
        told: Told,
        today: date,
        exercises: Mapping[str, Exercise],
        routines: Mapping[str, Routine],
        chosen: Sequence[Chosen],
        lessons: Sequence[str],
    ) -> None:
        self.monday = today - timedelta(days=today.weekday())
        self._past = [each for each in past if each.day <= today]
        self._wishes, self._told, self._today = wishes, told, today
        self._exercises, self._routines = exercises, routines
        self._standings = standings(past, chosen, today, wishes.older)
        self.resting = resting(self._past, told, today, exercises)
        self._sessions: dict[tuple[str, int, int, str, frozenset[str]], Routine | None] = {}
        self._news: dict[tuple[date, Track, frozenset[str]], str] = {}
        self._used: dict[str, date] = {}
        for each in self._past:
            # What was done today is what was proposed for today: it stays proposed.
            if each.routine and each.day < today:
                self._used[each.routine] = each.day
        self._strength = [each.day for each in self._past if each.track == "strength"]
        self._walks = len(self._this_week("walking"))
        self._lessons = lessons
        self._lesson_open = bool(lessons) and not self._this_week("lesson")

    def _this_week(self, track: Track) -> list[PastSession]:
        """The sessions of a track in this week before today."""
        days = self.monday, self._today
        return [s for s in self._past if s.track == track and days[0] <= s.day < days[1]]

    def days(self) -> list[date]:
        """The days from today on on which something may be due."""
        week = [self.monday + timedelta(days=n) for n in DAYS_OF_WEEK[self._wishes.days]]
        return [day for day in week if day >= self._today]

    def notes(self) -> list[Reason]:
        """What to tell beside the items."""
        often = sorted(stopped_often(self._past, self._today))
        return [Reason("show_someone", (("exercise", each),)) for each in often]

    def day(self, day: date) -> list[PlanItem]:
        """What is due on a day."""
        left = self._wishes.minutes
        items: list[PlanItem] = []
        sore = self._sore(day)
        if self._lesson_open and left > LEAST_MINUTES["mobility"]:
            items.append(self._lesson(day))
            self._lesson_open, left = False, left - 1
        if not sore and self._strength_due(day):
            found = self._session(day, "strength", left)
            items += found
            left -= sum(each.minutes for each in found)
            self._strength += [day] * bool(found)
        room = left - BREATHING_MINUTES if left > 12 else left
        found = self._gentle(day, room) if sore else self._session(day, "mobility", room)
        items += found
        left -= sum(each.minutes for each in found)
        items += self._breathing(day, left)
        items += self._walk(day, sore)
        return sorted(items, key=lambda each: TRACKS.index(each.track))

    def _sore(self, day: date) -> str:
        """Why the day is a sore one, "" when it is not. Only today can be one: the pain of later
        days is unknown."""
        if day != self._today:
            return ""
        if "ACUTE" in tags_on(self._told, day):
            return "acute"
        pain = self._told.pains.get(day)
        before = [p for d, p in self._told.pains.items() if d < day]
        return "sore" if pain is not None and wants_gentle(pain, before) else ""

    # --- tracks ---------------------------------------------------------------------------------

    def _strength_due(self, day: date) -> bool:
        """Not on two days in a row, and not more often than the rung allows."""
        rung = self._rung("strength")
        week = [d for d in self._strength if self.monday <= d < self.monday + timedelta(days=WEEK)]
        near = any(abs((day - d).days) == 1 for d in self._strength)
        return len([d for d in week if d != day]) < rung.days and not near

    def _rung(self, track: Track) -> Rung:
        return rung_of(track, self._standings[track])

    def _session(self, day: date, track: Track, room: int) -> list[PlanItem]:
        """A session of exercises that fits into `room` minutes; none when it would be too short."""
        rung = self._rung(track)
        most = min(room, rung.minutes)
        if most < LEAST_MINUTES[track]:
            return []
        names = STRENGTH_ROUTINES if track == "strength" else GOAL_ROUTINES[self._wishes.goal]
        known = [name for name in names if name in self._routines]
        order = sorted(known, key=lambda name: self._used.get(name, date.min))
        for name in order:
            new = self._new(day, track)
            made = self._made(self._routines[name], rung.level, most, day, new)
            if made is None:
                continue
            self._used[name] = day
            has_new = new if any(step.exercise == new for step in made.steps) else ""
            why = [*self._why(track), *([Reason("new", (("exercise", new),))] if has_new else [])]
            minutes = whole_minutes(made.seconds)
            standing = self._standings[track]
            return [PlanItem(day, track, minutes, standing.rung, rung.level, tuple(why), made,
                             new=has_new)]  # fmt: skip
        return []

    def _gentle(self, day: date, room: int) -> list[PlanItem]:
        """The gentle routine of a sore day."""
        routine = self._routines.get(GENTLE)
        made = self._made(routine, 1, room, day, "") if routine is not None else None
        if made is None:
            return []
        why = (Reason(self._sore(day)),)
        return [PlanItem(day, "mobility", whole_minutes(made.seconds), 0, 1, why, made)]

    def _breathing(self, day: date, room: int) -> list[PlanItem]:
        rung = self._rung("breathing")
        minutes = min(room, rung.minutes)
        if minutes < LEAST_MINUTES["breathing"]:
            return []
        standing = self._standings["breathing"]
        return [PlanItem(day, "breathing", minutes, standing.rung, 1, self._why("breathing"))]

    def _walk(self, day: date, sore: str) -> list[PlanItem]:
        """A walk, while this week has fewer than the rung allows. On a sore day the shortest."""
        rung = LADDERS["walking"][0] if sore else self._rung("walking")
        minutes = min(rung.minutes, self._wishes.walk)
        if minutes < LEAST_MINUTES["walking"] or self._walks >= rung.days:
            return []
        self._walks += 1
        why = (Reason(sore),) if sore else self._why("walking")
        return [PlanItem(day, "walking", minutes, self._standings["walking"].rung, 1, why)]

    def _lesson(self, day: date) -> PlanItem:
        """The lesson of the week: in their order, from the first week of the history on."""
        first = self._past[0].day if self._past else self._today
        weeks = (self.monday - (first - timedelta(days=first.weekday()))).days // WEEK
        lesson = self._lessons[weeks % len(self._lessons)]
        return PlanItem(day, "lesson", 1, 0, 1, (Reason("lesson"),), lesson=lesson)

    def _why(self, track: Track) -> tuple[Reason, ...]:
        standing = self._standings[track]
        own = Reason(f"track_{track}")
        return (
            (own, _change_reason(track, standing, self._today))
            if _recent(standing, self._today)
            else (own,)
        )

    # --- the steps of a session -----------------------------------------------------------------

    def _allowed(self, exercise: Exercise, day: date) -> bool:
        tags = tags_on(self._told, day)
        return (
            not set(exercise.contraindications) & tags
            and exercise.id not in self.resting
            and needed(exercise) <= self._wishes.equipment
        )

    def _made(
        self, routine: Routine, level: int, minutes: int, day: date, new: str
    ) -> Routine | None:
        """The routine with only what is allowed, with the new exercise, at its level, and short
        enough; None when too little is left. Days with the same answers share it."""
        key = routine.id, level, minutes, new, tags_on(self._told, day)
        if key not in self._sessions:
            self._sessions[key] = self._composed(routine, level, minutes, day, new)
        return self._sessions[key]

    def _composed(
        self, routine: Routine, level: int, minutes: int, day: date, new: str
    ) -> Routine | None:
        exercises = self._exercises
        fitting, _ = suited(routine, exercises, tags_on(self._told, day))
        steps = [s for s in fitting.steps if self._allowed(exercises[s.exercise], day)]
        if new and steps:
            steps = with_new(steps, exercises, new)
        made = levelled(replace(fitting, steps=tuple(steps)), exercises, level)
        while made.steps and planned_s(made, exercises) > minutes * 60:
            made = replace(made, steps=shorter(made.steps, exercises, new))
        warm = all(exercises[step.exercise].group == "warmup" for step in made.steps)
        if not made.steps or warm:
            return None
        return replace(made, seconds=round(planned_s(made, exercises)))

    def _new(self, day: date, track: Track) -> str:
        """The exercise that is new in these two weeks, "" for none. It depends only on what was
        done before them, so that it stays the same within them."""
        begin = date.fromordinal(day.toordinal() - day.toordinal() % NEW_DAYS)
        key = begin, track, tags_on(self._told, day)
        if key not in self._news:
            self._news[key] = self._newest(begin, track, day)
        return self._news[key]

    def _newest(self, begin: date, track: Track, day: date) -> str:
        last: dict[str, date] = {}
        for session in self._past:
            if session.day < begin:
                last.update(dict.fromkeys(session.done, session.day))
        candidates = [
            key
            for key, each in self._exercises.items()
            if each.group in NEW_GROUPS[track]
            and key not in NEVER_NEW
            and of_track(each, track)
            and self._allowed(each, day)
            and (begin - last.get(key, date.min)).days > LATELY_DAYS
        ]
        return min(candidates, key=lambda key: (last.get(key, date.min), key), default="")


CHANGE_SHOWN_DAYS = 14
"""How long a plan says why a rung has changed."""


def _recent(standing: Standing, today: date) -> bool:
    changed = standing.changed
    return changed is not None and (today - changed).days <= CHANGE_SHOWN_DAYS


def _change_reason(track: Track, standing: Standing, today: date) -> Reason:
    """Why a track rose or fell lately."""
    rung = LADDERS[track][standing.rung]
    if standing.change != "rise":
        return Reason(f"change_{standing.change}")
    before = LADDERS[track][standing.rung - 1]
    variable = next(
        name
        for name in ("minutes", "days", "level")
        if getattr(rung, name) != getattr(before, name)
    )
    return Reason(f"rise_{variable}", (("count", str(getattr(rung, variable))),))
