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
from posecheck.history.report import PlannedAnswer, Report
from posecheck.io.report.charts import Chart, pain_chart, range_chart, weeks_chart
from posecheck.io.report.words import (
    Phrases,
    count_words,
    day_words,
    full_day,
    metric_words,
    minutes_words,
    number_words,
    share_words,
    side_words,
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
LEAST_PAIN_CHANGE = 2
"""Points of 10 from which a change of back pain means something to the person (Childs 2005)."""
MOST_EXERCISES, MOST_RANGES, MOST_CHARTS, MOST_FAULTS, MOST_EVENTS = 12, 6, 2, 5, 4
"""Rows that fit on two pages; what is left out is counted, and is in the JSON beside it."""


def html_page(phrases: Phrases, report: Report) -> str:
    """The whole file, in the language of `phrases`."""
    body = report_body(phrases, report, lambda chart: chart.svg)
    title = phrases["report_period"].format(
        since=full_day(phrases, report.since), until=full_day(phrases, report.until)
    )
    return whole_page(phrases, title, body)


def whole_page(phrases: Phrases, title: str, body: str, policy: str = "") -> str:
    """A file with this body. `policy`: what the page may load besides its own style."""
    more = f"; {policy}" if policy else ""
    return (
        f"<!DOCTYPE html>\n<html lang='{escape(phrases['language_code'])}'>"
        "<head><meta charset='utf-8'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; "
        f"style-src 'unsafe-inline'{more}\">"
        f"<meta name='viewport' content='width=device-width'><title>{escape(title)}</title>"
        f"<style>{STYLE}{WEB_STYLE}</style></head><body>{body}</body></html>\n"
    )


def report_body(phrases: Phrases, report: Report, place: Place) -> str:
    """The body of the page, in the language of `phrases`."""
    parts = [
        _head(phrases, report),
        _short(phrases, report),
        _programme(phrases, report),
        _done(phrases, report, place),
        _exercises(phrases, report),
        _ranges(phrases, report, place),
        _faults(phrases, report),
        _pain(phrases, report, place),
        _limits(phrases, report),
        _versions(phrases, report),
    ]
    return "\n".join(part for part in parts if part)


def _title(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _small(text: str) -> str:
    return f"<p class='small'>{escape(text)}</p>"


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


def _head(phrases: Phrases, report: Report) -> str:
    days = (report.since, report.until, report.made.date())
    since, until, made = (full_day(phrases, day) for day in days)
    period = phrases["report_made"].format(since=since, until=until, made=made)
    return (
        f"<h1>{escape(phrases['report_title'])}</h1>"
        f"<p>{escape(period)} &nbsp; {escape(phrases['report_name'])}: "
        f"______________________________</p>{_small(phrases['report_about'])}"
    )


def _short(phrases: Phrases, report: Report) -> str:
    """The few things to know first."""
    title = _title(phrases["report_short"])
    if not report.sessions:
        return f"{title}<p>{escape(phrases['report_none'])}</p>"
    items = [
        phrases["report_sum"].format(
            sessions=count_words(phrases, len(report.sessions), "sessions"),
            days=count_words(phrases, report.days, "days"),
            ends=", ".join(
                phrases[f"report_outcome_{how}"].format(count=count)
                for how, count in report.outcomes
            ),
            time=minutes_words(phrases, report.correct_s),
        ),
        _pain_words(phrases, report),
    ]
    stops = sum(each.pain_stops for each in report.exercises)
    if stops:
        where = sorted({report.names[e.exercise] for e in report.exercises if e.pain_stops})
        sets = count_words(phrases, stops, "sets")
        items.append(phrases["report_stops"].format(sets=sets, names=", ".join(where)))
    moved = [
        f"{_name(phrases, report, each)}: {trend_words(phrases, trend)}"
        for each in report.exercises
        for trend in each.ranges
        if trend.trend in ("more", "less")
    ]
    items.append(
        phrases["report_moved"].format(list="; ".join(moved))
        if moved
        else phrases["report_range_none"]
    )
    if report.faults:
        worst = report.faults[0]
        items.append(
            phrases["report_worst"].format(
                cue=worst.cue,
                exercise=report.names[worst.exercise],
                count=worst.sessions,
                of=worst.of_sessions,
            )
        )
    return title + _list(items)


def _pain_words(phrases: Phrases, report: Report) -> str:
    if report.changes is None:
        told = count_words(phrases, len(report.pains), "days")
        return phrases["report_pain_few"].format(days=told)
    before, after = (number_words(phrases, value, 1) for value in report.changes)
    return phrases["report_pain_change"].format(before=before, after=after, least=LEAST_PAIN_CHANGE)


def _name(phrases: Phrases, report: Report, each: ExerciseProgress) -> str:
    return report.names[each.exercise] + side_words(phrases, each.side)


def _of(phrases: Phrases, count: int, of: int) -> str:
    return phrases["report_of"].format(count=count, of=of)


def _programme(phrases: Phrases, report: Report) -> str:
    plan = report.programme
    if plan is None:
        return ""
    rows = [
        (
            report.names.get(each.exercise, each.exercise),
            f"{each.sets} × {_amount(phrases, each)}"
            + (f", {phrases['report_both']}" if each.sides == 2 else ""),
            _of(phrases, each.done, each.wanted),
        )
        for each in report.answers
    ]
    note = f"<p>{escape(plan.note)}</p>" if plan.note else ""
    by = phrases["report_by"].format(
        author=plan.author,
        since=full_day(phrases, plan.begins),
        until=full_day(phrases, plan.ends),
        count=plan.days_a_week,
    )
    head = [phrases[f"report_{key}"] for key in ("exercise", "dose", "whole_dose")]
    title = _title(phrases["report_programme"].format(title=plan.title))
    return f"{title}<p>{escape(by)}</p>{note}{_table(head, rows)}"


def _amount(phrases: Phrases, answer: PlannedAnswer) -> str:
    """ "8 repetitions", "20 s"."""
    if answer.reps:
        return phrases["report_amount_reps"].format(count=answer.reps)
    if answer.seconds:
        return phrases["report_amount_s"].format(count=f"{answer.seconds:.0f}")
    return phrases["report_as_file"]


def _done(phrases: Phrases, report: Report, place: Place) -> str:
    if not report.sessions:
        return ""
    planned = sum(len(each.planned) for each in report.sessions)
    reached = phrases["report_reached"].format(
        count=sum(each.sets for each in report.exercises),
        planned=count_words(phrases, planned, "planned_sets"),
    )
    return (
        f"{_title(phrases['report_done'])}<p>{place(weeks_chart(phrases, report.weeks))}</p>"
        f"<p>{escape(reached)}</p>"
    )


def _exercises(phrases: Phrases, report: Report) -> str:
    """A row for each exercise; what differs between the sides is given left / right."""
    if not report.exercises:
        return ""
    sides: dict[str, list[ExerciseProgress]] = {}
    for each in report.exercises:
        sides.setdefault(each.exercise, []).append(each)
    rows = [_exercise_row(phrases, report.names[key], found) for key, found in sides.items()]
    names = ", ".join(report.names[key] for key in list(sides)[MOST_EXERCISES:])
    columns = ("exercise", "sessions", "sets", "right", "cant_tell", "reps")
    return (
        _title(phrases["report_well"])
        + _table([phrases[f"report_{key}"] for key in columns], rows[:MOST_EXERCISES])
        + (_small(phrases["report_less_often"].format(names=names)) if names else "")
    )


def _exercise_row(
    phrases: Phrases, name: str, found: Sequence[ExerciseProgress]
) -> tuple[str, ...]:
    found = sorted(found, key=lambda each: each.side or "")
    judged = any(each.right_share is not None for each in found)
    sides = f", {phrases['report_sides']}"
    return (
        name + (sides if len(found) > 1 else side_words(phrases, found[0].side)),
        str(max(each.sessions for each in found)),
        _of(phrases, sum(each.sets for each in found), sum(each.planned for each in found)),
        _both(phrases, [each.right_share for each in found]),
        _both(phrases, [each.cant_tell_share for each in found]) if judged else "–",
        _counted(phrases, found),
    )


def _counted(phrases: Phrases, found: Sequence[ExerciseProgress]) -> str:
    """ "24 counted, refused 2 too small"; a dash where none counted."""
    counted = sum(each.reps for each in found)
    if not counted:
        return "–"
    refused: dict[str, int] = {}
    for each in found:
        for why, count in each.rejected:
            refused[why] = refused.get(why, 0) + count
    texts = [phrases["report_counted"].format(count=counted)]
    if refused:
        words = [f"{n} {phrases.get(f'report_refused_{why}', why)}" for why, n in refused.items()]
        texts.append(phrases["report_refused"].format(list=", ".join(words)))
    return ", ".join(texts)


def _both(phrases: Phrases, shares: Sequence[float | None]) -> str:
    """ "81 %", "80 / 76 %"."""
    texts = [share_words(phrases, share) for share in shares]
    if len(set(texts)) == 1 or None in shares:
        return " / ".join(dict.fromkeys(texts))
    values = " / ".join(f"{round(100 * share)}" for share in shares if share is not None)
    return phrases["percent"].format(value=values)


def _ranges(phrases: Phrases, report: Report, place: Place) -> str:
    """The ranges that changed, and then those of most sessions."""
    found = [(each, trend) for each in report.exercises for trend in each.ranges]
    if not found:
        return ""
    found.sort(key=lambda f: (f[1].trend not in ("more", "less"), -len(f[1].values)))
    rows = [
        (
            _name(phrases, report, each),
            metric_words(phrases, trend.metric),
            trend_words(phrases, trend),
        )
        for each, trend in found[:MOST_RANGES]
    ]
    drawn = [
        place(range_chart(phrases, n, f"{name}: {measured}", trend))
        for n, ((_, trend), (name, measured, _)) in enumerate(
            zip(found[:MOST_CHARTS], rows, strict=False)
        )
        if len(trend.values) > 1
    ]
    pairs = [drawn[n : n + 2] for n in range(0, len(drawn), 2)]
    grid = "".join(f"<tr>{''.join(f'<td>{each}</td>' for each in pair)}</tr>" for pair in pairs)
    about = phrases["report_ranges_about"].format(degrees=ROUND_DEG)
    more = len(found) - MOST_RANGES
    if more > 0:
        about += " " + phrases["report_ranges_more"].format(count=more)
    head = [phrases[f"report_{key}"] for key in ("exercise", "measured", "first_last")]
    return (
        _title(phrases["report_ranges"])
        + _small(about)
        + _table(head, rows)
        + f"<table width='100%'>{grid}</table>"
    )


def _faults(phrases: Phrases, report: Report) -> str:
    if not report.faults:
        return ""

    def row(each: FaultTrend) -> tuple[str, ...]:
        before, after = (share_words(phrases, share) for share in each.shares)
        return (
            report.names[each.exercise],
            each.cue,
            _of(phrases, each.sessions, each.of_sessions),
            minutes_words(phrases, each.seconds),
            f"{before} → {after}, {phrases[f'report_fault_{each.trend}']}",
        )

    more = len(report.faults) - MOST_FAULTS
    rest = _small(phrases["report_faults_more"].format(count=more)) if more > 0 else ""
    columns = ("exercise", "said", "sessions", "in_all", "share")
    return (
        _title(phrases["report_faults"])
        + _table(
            [phrases[f"report_{key}"] for key in columns],
            [row(each) for each in report.faults[:MOST_FAULTS]],
        )
        + rest
    )


def _pain(phrases: Phrases, report: Report, place: Place) -> str:
    if not (report.pains or report.events):
        return ""
    chart = pain_chart(phrases, report.pains, report.events, report.since, report.until)
    rows = [
        (
            day_words(phrases, each.day),
            report.names.get(each.exercise, each.exercise),
            phrases[f"report_kind_{each.kind or 'none'}"],
            phrases[f"report_end_{each.end or 'unknown'}"],
        )
        for each in report.events[-MOST_EVENTS:]
    ]
    more = len(report.events) - MOST_EVENTS
    rest = _small(phrases["report_events_more"].format(count=more)) if more > 0 else ""
    head = [phrases[f"report_{key}"] for key in ("day", "exercise", "kind", "followed")]
    table = _table(head, rows) if rows else ""
    better = [each.better for each in report.after if each.better is not None]
    after = phrases["report_after"].format(
        sessions=count_words(phrases, len(better), "sessions"),
        better=better.count(1),
        same=better.count(0),
        worse=better.count(-1),
    )
    told = f"<p>{escape(after)}</p>" if better else ""
    return f"{_title(phrases['report_pain'])}<p>{place(chart)}</p>{told}{table}{rest}"


def _limits(phrases: Phrases, report: Report) -> str:
    shown = {each.exercise for each in report.exercises[: 2 * MOST_EXERCISES]}
    own = [
        f"{report.names[each.exercise]}: {'; '.join(each.what) or phrases['report_only_timed']}"
        for each in report.unjudged
        if each.exercise in shown
    ]
    general = [phrases["report_cannot_camera"], phrases["report_cannot_tell"]]
    if own:
        ended = ". ".join(each.rstrip(".") for each in own)  # a sentence has its own full stop
        general.append(phrases["report_not_judged"].format(list=ended))
    return _title(phrases["report_cannot"]) + _list(general)


def _versions(phrases: Phrases, report: Report) -> str:
    made = ", ".join(
        phrases["report_record"].format(version=version, model=model)
        if model
        else f"posecheck {version}"
        for version, model in report.versions
        if version
    )
    return _small(phrases["report_versions"].format(version=__version__, made=made or "–"))
