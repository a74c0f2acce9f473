"""A report as one HTML file without scripts, links or anything to load.

The body is of tables and paragraphs only, so that Qt can print the same text as PDF; `Place`
decides how a chart is put in: as inline SVG, or as a picture that Qt draws from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape

from posecheck import __version__
from posecheck.coach.wording import ROUND_DEG
from posecheck.history.progress import ExerciseProgress, FaultTrend
from posecheck.history.report import Report, side_words
from posecheck.io.report.charts import Chart, pain_chart, range_chart, weeks_chart
from posecheck.io.report.words import (
    count_words,
    day_words,
    full_day,
    metric_words,
    minutes_words,
    share_words,
    trend_words,
)

Place = Callable[[Chart], str]

STYLE = """
body { font-family: sans-serif; font-size: 9pt; color: #1c2b33; }
h1 { font-size: 17pt; margin-bottom: 2px; }
h2 { font-size: 11pt; margin-top: 8px; margin-bottom: 3px; color: #14513d; }
p, li { margin-top: 2px; margin-bottom: 3px; }
th { text-align: left; font-size: 9pt; color: #5b6b73; }
td, th { padding: 1px 6px; vertical-align: top; }
td { font-size: 8.5pt; }
ul { margin-top: 0px; margin-bottom: 0px; }
.small { font-size: 7.5pt; color: #5b6b73; }
"""
WEB_STYLE = """
body { max-width: 720px; margin: 24px auto; padding: 0 16px; background: white; }
table { border-collapse: collapse; width: 100%; }
tr + tr td { border-top: 1px solid #d5dcdf; }
svg { max-width: 100%; height: auto; }
@page { size: A4; margin: 14mm; }
"""
OUTCOMES = {
    "done": "completed",
    "left": "ended early",
    "pain": "ended for pain",
    "running": "interrupted",
    "error": "ended by an error of the program",
}
REFUSED = {
    "too_small": "too small",
    "too_fast": "too fast",
    "too_slow": "too slow",
    "too_short": "not held",
    "bad_form": "out of form",
    "unseen": "not seen",
}
LEAST_PAIN_CHANGE = 2
"""Points of 10 from which a change of back pain means something to the person (Childs 2005)."""
MOST_EXERCISES, MOST_RANGES, MOST_CHARTS, MOST_FAULTS, MOST_EVENTS = 12, 6, 2, 5, 4
"""Rows that fit on two pages; what is left out is counted, and is in the JSON beside it."""


def html_page(report: Report) -> str:
    """The whole file."""
    body = report_body(report, lambda chart: chart.svg)
    title = f"posecheck report, {full_day(report.since)} to {full_day(report.until)}"
    return (
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; "
        "style-src 'unsafe-inline'\">"
        f"<meta name='viewport' content='width=device-width'><title>{escape(title)}</title>"
        f"<style>{STYLE}{WEB_STYLE}</style></head><body>{body}</body></html>\n"
    )


def report_body(report: Report, place: Place) -> str:
    """The body of the page."""
    parts = [
        _head(report),
        _short(report),
        _programme(report),
        _done(report, place),
        _exercises(report),
        _ranges(report, place),
        _faults(report),
        _pain(report, place),
        _limits(report),
        _versions(report),
    ]
    return "\n".join(part for part in parts if part)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th align='left'>{escape(each)}</th>" for each in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return (
        f"<table width='100%' cellspacing='0' cellpadding='1'><thead><tr>{top}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def _head(report: Report) -> str:
    return (
        "<h1>Exercise report</h1>"
        f"<p>{full_day(report.since)} to {full_day(report.until)}, made on "
        f"{full_day(report.made.date())}. &nbsp; Name: ______________________________</p>"
        "<p class='small'>Written by the user's own program from one webcam. It is no diagnosis. "
        "Seconds count as right only while the form was seen to be right.</p>"
    )


def _short(report: Report) -> str:
    """The few things to know first."""
    if not report.sessions:
        return "<h2>In short</h2><p>No session is in this period.</p>"
    ends = ", ".join(f"{count} {OUTCOMES[how]}" for how, count in report.outcomes)
    items = [
        f"{count_words(len(report.sessions), 'session')} on {count_words(report.days, 'day')} "
        f"({ends}); {minutes_words(report.correct_s)} in right form."
    ]
    items.append(_pain_words(report))
    stops = sum(each.pain_stops for each in report.exercises)
    if stops:
        where = sorted({report.names[e.exercise] for e in report.exercises if e.pain_stops})
        items.append(f"Pain stopped {count_words(stops, 'set')}: {', '.join(where)}.")
    moved = [
        f"{_name(report, each)}: {trend_words(trend)}"
        for each in report.exercises
        for trend in each.ranges
        if trend.trend in ("more", "less")
    ]
    items.append(
        f"Range changed by more than the error in: {'; '.join(moved)}."
        if moved
        else "No range changed by more than the error of the camera."
    )
    if report.faults:
        worst = report.faults[0]
        items.append(
            f"Most frequent correction: “{worst.cue}” in {report.names[worst.exercise]} "
            f"({worst.sessions} of {worst.of_sessions} sessions)."
        )
    return f"<h2>In short</h2>{_list(items)}"


def _pain_words(report: Report) -> str:
    if report.changes is None:
        told = count_words(len(report.pains), "day")
        return f"Pain was told on {told}: too few to compare."
    before, after = report.changes
    return (
        f"Pain, mean of seven days: {before:.1f} of 10 at the beginning, {after:.1f} at the end. "
        f"A change of less than {LEAST_PAIN_CHANGE} is not taken for one."
    )


def _name(report: Report, each: ExerciseProgress) -> str:
    return report.names[each.exercise] + side_words(each.side)


def _programme(report: Report) -> str:
    plan = report.programme
    if plan is None:
        return ""
    rows = [
        (
            report.names.get(each.exercise, each.exercise),
            f"{each.sets} × {each.amount}" + (", both sides" if each.sides == 2 else ""),
            f"{each.done} of {each.wanted}",
        )
        for each in report.answers
    ]
    note = f"<p>{escape(plan.note)}</p>" if plan.note else ""
    return (
        f"<h2>The programme: {escape(plan.title)}</h2><p>By {escape(plan.author)}, "
        f"{full_day(plan.begins)} to {full_day(plan.ends)}, "
        f"{count_words(plan.days_a_week, 'day')} a week.</p>{note}"
        + _table(("exercise", "dose", "sessions with the whole dose"), rows)
    )


def _done(report: Report, place: Place) -> str:
    if not report.sessions:
        return ""
    planned = sum(len(each.planned) for each in report.sessions)
    reached = sum(each.sets for each in report.exercises)
    return (
        "<h2>Planned and done</h2>"
        f"<p>{place(weeks_chart(report.weeks))}</p>"
        f"<p>{reached} of {count_words(planned, 'planned set')} reached their target.</p>"
    )


def _exercises(report: Report) -> str:
    """A row for each exercise; what differs between the sides is given left / right."""
    if not report.exercises:
        return ""
    sides: dict[str, list[ExerciseProgress]] = {}
    for each in report.exercises:
        sides.setdefault(each.exercise, []).append(each)
    rows = [_exercise_row(report.names[key], found) for key, found in sides.items()]
    more = len(rows) - MOST_EXERCISES
    names = ", ".join(report.names[key] for key in list(sides)[MOST_EXERCISES:])
    rest = f"<p class='small'>Less often: {escape(names)}. See the JSON file.</p>"
    return (
        "<h2>How well</h2>"
        + _table(
            ("exercise", "sessions", "sets", "right form", "can't tell", "repetitions"),
            rows[:MOST_EXERCISES],
        )
        + (rest if more > 0 else "")
    )


def _exercise_row(name: str, found: Sequence[ExerciseProgress]) -> tuple[str, ...]:
    found = sorted(found, key=lambda each: each.side or "")
    refused: dict[str, int] = {}
    for each in found:
        for why, count in each.rejected:
            refused[why] = refused.get(why, 0) + count
    counted = sum(each.reps for each in found)
    words = ", ".join(f"{count} {REFUSED.get(why, why)}" for why, count in refused.items())
    judged = any(each.right_share is not None for each in found)
    return (
        name + (", left / right" if len(found) > 1 else side_words(found[0].side)),
        str(max(each.sessions for each in found)),
        f"{sum(each.sets for each in found)} of {sum(each.planned for each in found)}",
        _both([share_words(each.right_share) for each in found]),
        _both([share_words(each.cant_tell_share) for each in found]) if judged else "–",
        f"{counted} counted" + (f", refused {words}" if words else "") if counted else "–",
    )


def _both(texts: Sequence[str]) -> str:
    """ "81 %", "80 / 76 %"."""
    if len(set(texts)) == 1:
        return texts[0]
    return " / ".join([text.removesuffix(" %") for text in texts[:-1]] + [texts[-1]])


def _ranges(report: Report, place: Place) -> str:
    """The ranges that changed, and then those of most sessions."""
    found = [(each, trend) for each in report.exercises for trend in each.ranges]
    if not found:
        return ""
    found.sort(key=lambda f: (f[1].trend not in ("more", "less"), -len(f[1].values)))
    rows = [
        (_name(report, each), metric_words(trend.metric), trend_words(trend))
        for each, trend in found[:MOST_RANGES]
    ]
    drawn = [
        place(range_chart(n, f"{_name(report, each)}: {metric_words(trend.metric)}", trend))
        for n, (each, trend) in enumerate(found[:MOST_CHARTS])
        if len(trend.values) > 1
    ]
    pairs = [drawn[n : n + 2] for n in range(0, len(drawn), 2)]
    grid = "".join(f"<tr>{''.join(f'<td>{each}</td>' for each in pair)}</tr>" for pair in pairs)
    more = len(found) - MOST_RANGES
    rest = f" {more} more ranges are in the JSON file." if more > 0 else ""
    return (
        "<h2>Ranges, with the error of the camera</h2>"
        "<p class='small'>Holds: the best five seconds of a session. Repetitions: the median of "
        "the peaks that counted. First and last are means of three sessions; a change within the "
        f"error is none. Angles are rounded to {ROUND_DEG}° and are no goniometer values.{rest}</p>"
        + _table(("exercise", "measured", "first → last (error)"), rows)
        + f"<table width='100%'>{grid}</table>"
    )


def _faults(report: Report) -> str:
    if not report.faults:
        return ""
    words = {"less": "rarer", "more": "more often", "same": "as before", "unknown": "–"}

    def row(each: FaultTrend) -> tuple[str, ...]:
        before, after = (share_words(share) for share in each.shares)
        return (
            report.names[each.exercise],
            each.cue,
            f"{each.sessions} of {each.of_sessions}",
            minutes_words(each.seconds),
            f"{before} → {after}, {words[each.trend]}",
        )

    more = len(report.faults) - MOST_FAULTS
    rest = f"<p class='small'>{more} more are in the JSON file.</p>" if more > 0 else ""
    return (
        "<h2>Recurring corrections</h2>"
        + _table(
            ("exercise", "what was said", "sessions", "in all", "of the judged time"),
            [row(each) for each in report.faults[:MOST_FAULTS]],
        )
        + rest
    )


def _pain(report: Report, place: Place) -> str:
    if not (report.pains or report.events):
        return ""
    chart = pain_chart(report.pains, report.events, report.since, report.until)
    ends = {
        "eased": "eased, went on with less",
        "stopped": "exercise stopped",
        "ended": "session ended",
        "": "not known",
    }
    rows = [
        (
            day_words(each.day),
            report.names.get(each.exercise, each.exercise),
            each.kind or "not told",
            ends[each.end],
        )
        for each in report.events[-MOST_EVENTS:]
    ]
    more = len(report.events) - MOST_EVENTS
    rest = f"<p class='small'>{more} earlier ones are in the JSON file.</p>" if more > 0 else ""
    table = _table(("day", "exercise", "kind", "what followed"), rows) if rows else ""
    better = [each.better for each in report.after if each.better is not None]
    after = (
        f"<p>After {count_words(len(better), 'session')}: {better.count(1)} better, "
        f"{better.count(0)} the same, {better.count(-1)} worse.</p>"
        if better
        else ""
    )
    return f"<h2>Pain</h2><p>{place(chart)}</p>{after}{table}{rest}"


def _limits(report: Report) -> str:
    shown = {each.exercise for each in report.exercises[: 2 * MOST_EXERCISES]}
    own = [
        f"{report.names[each.exercise]}: {'; '.join(each.what)}"
        for each in report.unjudged
        if each.exercise in shown
    ]
    general = [
        "One camera sees joints, not muscles, load, or movement of single vertebrae. Angles are "
        "off by 5 to 15 degrees, more when the body is turned.",
        "“Can't tell” is time in which a joint that matters was hidden. It is never counted as "
        "right or as wrong. Sessions without the camera, and what was done elsewhere, are not "
        "here.",
    ]
    if own:
        general.append(f"Not judged: {'. '.join(own)}.")
    return f"<h2>What the camera cannot judge</h2>{_list(general)}"


def _versions(report: Report) -> str:
    made = ", ".join(
        f"posecheck {version}" + (f" (pose model {model})" if model else "")
        for version, model in report.versions
        if version
    )
    return (
        f"<p class='small'>Report by posecheck {__version__}. Records by {escape(made) or '–'}. "
        "A JSON file of the same name beside this page has every number; its fields are described "
        "in docs/history.md of posecheck.</p>"
    )
