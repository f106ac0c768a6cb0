"""Dates of a series, by the rules of the app."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from cells import text_of
from lists import SPACE

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
NAME = rf"(?P<name>{'|'.join(MONTHS)})[a-z]*\.?"
FULL_YEAR = r"(?P<year>[1-9]\d{3})"
YEAR = r"(?P<year>[1-9]\d{3}|\d{2})"
SECONDS = r"(?:(?P=colon)(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
MINUTES = rf"(?:(?P<colon>[:.])(?P<minute>\d{{2}}){SECONDS})?"
CLOCK = rf"(?P<hour>\d{{1,2}}){MINUTES}(?:[\s-]?(?P<half>[ap])\.?m\.?)?"
ZONES = {
    "Z": 0,
    "UTC": 0,
    "UT": 0,
    "GMT": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
}  # hours from UTC
ZONE = rf"\s?(?P<zone>{'|'.join(ZONES)}|[+-]\d{{2}}(?::?\d{{2}})?)"
WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]* +)?"
DAYS = [
    rf"{FULL_YEAR}(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}})",
    rf"{FULL_YEAR}(?:[-/]|-?M)(?P<month>\d{{1,2}})",
    r"(?P<year>19\d\d|20\d\d)(?P<month>\d{2})(?P<day>\d{2})",
    rf"(?P<one>\d{{1,2}})(?P<sign>[-/.])(?P<two>\d{{1,2}})(?P=sign){YEAR}",
    rf"(?P<day>\d{{1,2}})[-/. ]+{NAME}[-/., ]+{YEAR}",
    rf"{NAME} (?:(?P<day>\d{{1,2}}),? )?{FULL_YEAR}",
    rf"{NAME}[-/]{FULL_YEAR}",
    rf"{FULL_YEAR}[-/ ]{NAME}(?:[-/ ](?P<day>\d{{1,2}}))?",
    rf"{FULL_YEAR}[-/ ]?Q(?P<quarter>[1-4])",
    rf"Q(?P<quarter>[1-4])[-/ ]?{FULL_YEAR}",
    rf"{FULL_YEAR}-?W(?P<week>\d{{2}})(?:-?(?P<weekday>[1-7]))?",
]
FORMS = [
    *(f"{WEEKDAY}{day}(?:[T ,:]+{CLOCK}(?:{ZONE})?)?" for day in DAYS),
    rf"{WEEKDAY}{NAME} +(?P<day>\d{{1,2}}) +{CLOCK}(?:{ZONE})? {FULL_YEAR}",  # as C's ctime and Twitter write it
]
DATES = [
    re.compile(form.replace(r"[\s-]", f"[{SPACE}-]").replace(r"\s", f"[{SPACE}]"), re.IGNORECASE | re.ASCII) for form in FORMS
]


def parse_date(text: str, order: str) -> float | None:
    """Seconds, as if all clocks ran on one time zone where none is given; None where it is no date."""
    text = text.strip(SPACE)
    found = next((match for match in (form.fullmatch(text) for form in DATES) if match), None)
    if found is None:
        return None
    parts = {key: value for key, value in found.groupdict().items() if value is not None}
    year = int(parts["year"])
    year += 0 if year >= 100 else 2000 if year < 50 else 1900
    if "one" in parts:
        parts["day"], parts["month"] = (parts["one"], parts["two"]) if order == "day-first" else (parts["two"], parts["one"])
    hour, minute, second = int(parts.get("hour", 0)), int(parts.get("minute", 0)), int(parts.get("second", 0))
    if "half" in parts:
        hour = hour % 12 + (12 if parts["half"].lower() == "p" else 0)
    date = day_of_week(year, parts) if "week" in parts else day_of_month(year, parts)
    if date is None or hour > 24 or minute > 59 or second > 60:
        return None
    clock = (hour * 60 + minute) * 60 + float(f"{second}.{parts.get('fraction', 0)}")
    return (date - datetime(1970, 1, 1)).total_seconds() + clock - zone_offset(parts.get("zone"))


def day_of_month(year: int, parts: dict) -> datetime | None:
    if "name" in parts:
        month = MONTHS.index(parts["name"].lower()) + 1
    else:
        month = 3 * int(parts["quarter"]) - 2 if "quarter" in parts else int(parts["month"])
    if not 1 <= month <= 12:
        return None
    date = datetime(year, month, 1) + timedelta(days=int(parts.get("day", 1)) - 1)
    return date if date.month == month else None


def day_of_week(year: int, parts: dict) -> datetime | None:
    """Weeks by ISO 8601: the first one of a year is that of 4 January, and begins on Monday, day 1."""
    fourth, week = datetime(year, 1, 4), int(parts["week"])
    monday = fourth + timedelta(days=7 * (week - 1) - fourth.weekday())
    in_year = week > 0 and (monday + timedelta(days=3)).year == year
    return monday + timedelta(days=int(parts.get("weekday", 1)) - 1) if in_year else None


def zone_offset(zone: str | None) -> int:
    if zone is None:
        return 0
    if zone.upper() in ZONES:
        return 3600 * ZONES[zone.upper()]
    return (-60 if zone[0] == "-" else 60) * (int(zone[1:3]) * 60 + int(zone[3:].replace(":", "") or 0))


def in_time(steps: list, rows: list[dict | None], time: dict | None) -> list:
    """Steps of a series, oldest first, where all have a date. rows: their cells, or None where they could not be read."""
    dates = [date_of(row, time) if row is not None and time is not None else None for row in rows]
    if None in dates:
        return steps
    jumps = [later - earlier for earlier, later in zip(dates, dates[1:])]
    if all(jump <= 0 for jump in jumps) and any(jumps):
        return steps[::-1]
    return [steps[i] for i in sorted(range(len(steps)), key=dates.__getitem__)]


def date_of(row: dict, time: dict) -> float | None:
    if time.get("parts"):
        return parse_date(joined([text_of(row[part]).strip(SPACE) for part in time["parts"]]), time["order"])
    day, clock = (text_of(row[time[part]]).strip() if time[part] else "" for part in ("column", "clock"))
    return parse_date(f"{day} {clock}", time["order"])


def joined(parts: list[str]) -> str:
    """A date from its year, month, day, hour, minute and second, as many as there are."""
    clock = ":".join(part.rjust(2, "0") if place else part for place, part in enumerate(parts[3:]))
    return "-".join(parts[:3]) + (f" {clock}" if clock else "")
