"""Ledgers told as stories: a line says who claims what, of when and known since when."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from corridor.picture import Picture, picture
from corridor.reading import Context, declared, read, read_json_line
from corridor.report import Entry, Handling, Report
from corridor.values import Finding, ReportId
from corridor.wire import body_digest, encode

START = datetime(2030, 5, 1, tzinfo=UTC)
END = datetime(2030, 5, 20, tzinfo=UTC)
# What nobody is asked for in a test; see conftest.
PASSPHRASE = "a passphrase of the tests"
TWO_VALLEYS = Path(__file__).parent.parent / "examples" / "two-valleys"


def day(number: int, hour: float = 0) -> datetime:
    """Return an hour of a day of May 2030, UTC."""
    return datetime(2030, 5, number, tzinfo=UTC) + timedelta(hours=hour)


def at(number: int, hour: float = 0) -> str:
    """Return an hour of a day of May 2030 as the door reads it."""
    return day(number, hour).isoformat()


def entry(report: Report[Any], seq: int = 1) -> Entry:
    """Return a report as a ledger would hold it; the chain is no matter here."""
    return Entry(seq, END, "teller", body_digest(encode(report)), "", report)


class Story:
    """A ledger in the making; every claimant has a channel of the same name.

    A report is known from the end of the time it is about, or from the start of the story when it
    names none, unless `learned` says otherwise.
    """

    def __init__(self) -> None:
        self.reports: list[Report[Any]] = []
        self._keys = itertools.count(1)

    def say(self, kind: str, claimant: str = "agency", **fields: Any) -> ReportId:
        """Add a report of a kind by a claimant and return its id."""
        raw = {"channel": claimant, "key": str(next(self._keys)), "handling": "public"} | fields
        made = raw | {"kind": kind, "claimant": claimant}
        report = read(made, Context(now=END))
        if "learned" not in fields:
            known = report.observed_until or START
            report = read(made | {"learned": known.isoformat()}, Context(now=START))
        self.reports.append(report)
        return report.id

    def land(self) -> Story:
        """Add a hub, a town and a camp fed from it, a road, petrol, and flour as a part of food."""
        for place, more in (
            ("hub", {"type": "hub"}),
            ("town", {"type": "settlement"}),
            ("camp", {"type": "camp", "served_from": "town"}),
        ):
            self.say("place", place=place, **more)
        self.say("road", road="road", start="hub", end="town", distance_km=40, drive_h=2)
        self.say("commodity", commodity="food", name="Food", unit="t")
        self.say("commodity", commodity="flour", name="Flour", unit="t", part_of="food")
        self.say(
            "commodity",
            commodity="petrol",
            name="Petrol",
            unit="l",
            kg_per_unit="0.8",
            carrier_class="tanker",
        )
        return self

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The ledger told so far."""
        return tuple(entry(report, seq) for seq, report in enumerate(self.reports, start=1))

    def picture(
        self,
        moment: datetime = END,
        known_at: datetime | None = None,
        clearance: Handling = "sealed",
    ) -> Picture:
        """Return the picture at a moment, known from that moment."""
        return picture(self.entries, at=moment, known_at=known_at or moment, clearance=clearance)


def codes(findings: Iterable[Finding]) -> list[str]:
    """Return the rules that findings come from, in order."""
    return [finding.code for finding in findings]


def the(code: str, findings: Iterable[Finding]) -> Finding:
    """Return the one finding of a rule."""
    (found,) = (finding for finding in findings if finding.code == code)
    return found


def numbers(estimate: Any) -> tuple[float | None, float | None, float | None]:
    """Return low, best and high as plain numbers."""
    ends = (estimate.low, estimate.best, estimate.high)
    low, best, high = (None if end is None else float(end) for end in ends)
    return low, best, high


def read_all(lines: Iterable[str]) -> tuple[Entry, ...]:
    """Read raw lines as one batch; codes declared anywhere in it are known everywhere in it."""
    raws = [read_json_line(line) for line in lines]
    known: dict[str, set[str]] = {}
    for raw in raws:
        for what, code in declared(raw):
            known.setdefault(what, set()).add(code)
    context = Context(now=END, zone=ZoneInfo("Etc/GMT-3"), known=known)
    return tuple(entry(read(raw, context), seq) for seq, raw in enumerate(raws, start=1))


def two_valleys_lines() -> list[str]:
    """Return the raw lines of the invented operation."""
    assert tomllib.loads((TWO_VALLEYS / "corridor.toml").read_text())["format"] == 1
    files = sorted((TWO_VALLEYS / "reports").glob("*.jsonl"))
    return [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]


@cache
def two_valleys() -> tuple[Entry, ...]:
    """Return the entries of the invented operation."""
    return read_all(two_valleys_lines())
