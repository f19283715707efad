"""Events of UCDP GED and ACLED as reports of incidents, and incidents as rows of those tables."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from corridor.claims import over
from corridor.errors import CONTROL, InvalidReport, Problem, shown
from corridor.field_values import nearest
from corridor.intake.cells import cells, refusal
from corridor.intake.event_tables import TABLES, EventFormat, EventTable, day_of
from corridor.intake.refused import guarded
from corridor.intake.tables import PROBLEMS, Row, plain_text
from corridor.registers.incidents import Figure, Incident, IncidentState
from corridor.report import Report
from corridor.wire import write_decimal

_KEPT = {PROBLEMS, "key"}
_SEVERAL = "; "


def declaration(form: EventFormat) -> Row:
    """Return the row that declares who says what the rows of a table say."""
    table = TABLES[form]
    said = {"kind": "organisation", "organisation": table.claimant, "name": table.name}
    return Row("", {**said, "key": table.claimant, "claimant": "operation"})


def read_events(path: Path, form: EventFormat, *, as_given: bool = False) -> Iterator[Row]:
    """Yield each row of a table of events as the raw mapping of an incident.

    The source's number makes the key and the incident code, so that reading a file again changes
    nothing. What happened is taken over, with the source's own codes for how exact time and place are;
    who did it and which clause it breaks are for a person to report. Every other cell is kept as it is.

    Parameters
    ----------
    as_given
        Whether a row whose figures contradict each other (best above high) comes in without them, its
        cells kept and its note saying so. Without this the door refuses it.

    Raises
    ------
    InvalidReport
        The file is no table, or its header is not that of the format.
    """
    table = TABLES[form]
    rows = cells(path)
    header = next(rows, None)
    names = _header(path, form, [] if header is None else header.values)
    is_empty = True
    for row in rows:
        values = [plain_text(value) if value is not None else "" for value in row.values]
        if not any(value.strip() for value in values):
            continue
        is_empty = False
        where = f"row {row.number}"
        problems = []
        if len(values) != len(names):
            text = f"has {len(values)} cells, the header has {len(names)}"
            problems.append(Problem("", text))
        if row.formulas:
            problems.append(Problem("", "holds formulas; paste the values in their place"))
        given = {
            name: _unguarded(value)
            for name, value in zip(names, values, strict=False)
            if name not in _KEPT
        }
        raw = _raw(given, form, table)
        if as_given and (odd := _contradiction(raw.get("killed", {}))):
            raw = _raw(given, form, table, odd)
        yield Row(where, raw, tuple(problems), values, names)
    if is_empty:
        raise refusal(f"{path.name} holds no rows")


def write_events(states: Iterable[IncidentState], form: EventFormat, zone: tzinfo) -> str:
    """Return incidents as a table of events, a row each.

    A row that came from such a table has the cells it came with, but for what a later report changed.
    Where claimants differ, the lowest and highest of their figures are given and `best` stays empty;
    all of them are named as its source.

    Parameters
    ----------
    zone
        Time zone in which a day begins and ends.
    """
    table = TABLES[form]
    rows = [_cells(state, form, table, zone) for state in states]
    columns = [
        name
        for name in table.columns
        if name not in table.optional or any(name in row for row in rows)
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(row.get(name, "")) for name in columns])
    return out.getvalue()


def _header(path: Path, form: EventFormat, values: Sequence[Any]) -> tuple[str, ...]:
    table = TABLES[form]
    names = tuple(str(value or "").strip().lstrip("\ufeff") for value in values)
    what = form.upper()
    known = {*table.columns, *_KEPT}
    found = known & {*names}
    if len(found) < len(table.columns) // 4:
        raise refusal(
            f"{path.name} has no {what} header in its first row; it begins "
            f"{', '.join(table.columns[:5])} ..."
        )
    missing = [n for n in table.columns if n not in found and n not in table.optional]
    unknown = [name for name in names if name not in known]
    twice = sorted({name for name in names if names.count(name) > 1})
    wrong = [
        *([f"lacks {', '.join(missing)}"] if missing else []),
        *(
            f"has '{shown(name)}', which is no column of it{nearest(name, missing)}"
            for name in unknown
        ),
        *([f"has {', '.join(twice)} twice"] if twice else []),
    ]
    if wrong:
        text = f"is not the {what} table known here: it {'; it '.join(wrong)}"
        raise InvalidReport([Problem("header", text)])
    return names


def _raw(
    given: Mapping[str, str], form: EventFormat, table: EventTable, odd: str = ""
) -> dict[str, Any]:
    """Return the raw mapping of one row; a cell whose value is written back the same is not kept twice."""
    starts, ends = day_of(given.get(table.starts, "")), day_of(given.get(table.ends, ""))
    number = given.get(table.id, "").strip()
    is_exact = given.get(table.time_precision) == table.exact_day and starts == ends
    raw: dict[str, Any] = {
        "kind": "incident",
        "claimant": table.claimant,
        "incident": f"{form}-{number}" if number else "",
        "key": number,
        "observed": starts if starts == ends else f"{starts}/{ends}",
        "precision": "day" if is_exact else "range" if starts != ends else "unknown",
        "cause": "hostile_act" if given.get(table.type[0]) in table.hostile else "",
        "lat": given.get("latitude", "").strip(),
        "lon": given.get("longitude", "").strip(),
        "text": given.get(table.text, ""),
        "source_format": form,
        "source_id": number,
        "source_type": " / ".join(given.get(name, "") for name in table.type),
        "time_precision": given.get(table.time_precision, ""),
        "place_precision": given.get(table.place_precision, ""),
        "note": odd,
    }
    parts = {part: given.get(name, "").strip() for part, name in table.killed.items()}
    if odd:
        parts = dict.fromkeys(parts, "")
    if any(parts.values()):
        raw["killed"] = {**{k: v for k, v in parts.items() if v}, "unit": "people"}
    own = _own_cells(raw, table, (starts, ends), parts)
    kept = {name: value for name, value in given.items() if value and own.get(name) != value}
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    # The door takes no control characters; JSON can name them.
    raw["source_columns"] = CONTROL.sub(lambda m: f"\\u{ord(m[0]):04x}", text)
    return {name: value for name, value in raw.items() if value != ""}


def _contradiction(killed: Mapping[str, str]) -> str:
    """Say how the ends of a figure contradict each other; nothing where they do not."""
    try:
        ends = [Decimal(killed[part]) for part in ("low", "best", "high") if part in killed]
    except InvalidOperation:
        return ""
    if ends == sorted(ends):
        return ""
    told = ", ".join(f"{part} {killed[part]}" for part in ("low", "best", "high") if part in killed)
    return f"Its figures of people killed contradict each other ({told}); none of them is used."


def _own_cells(
    raw: Mapping[str, Any], table: EventTable, days: tuple[str, str], killed: Mapping[str, str]
) -> dict[str, str]:
    """Return the cells that the fields of an incident hold already, as they are written back."""
    return {
        table.id: raw["source_id"],
        table.ends: days[1],
        table.starts: days[0],
        table.time_precision: raw["time_precision"],
        table.place_precision: raw["place_precision"],
        table.text: raw["text"],
        "latitude": _plain(raw["lat"]),
        "longitude": _plain(raw["lon"]),
        **{name: _plain(killed[part]) for part, name in table.killed.items()},
    }


def _cells(
    state: IncidentState, form: EventFormat, table: EventTable, zone: tzinfo
) -> dict[str, str]:
    """Return the cells of one incident by column, those without a value left out."""
    last = _last_by_claimant(state.claims)
    sources = [report for report in last if report.statement.source_format == form]
    source = sources[-1] if sources else None
    kept: dict[str, str] = (
        {} if source is None else json.loads(source.statement.source_columns or "{}")
    )
    own: dict[str, str] = {
        table.id: state.incident if source is None else source.statement.source_id
    }
    if state.starts is not None and state.ends is not None:
        own[table.ends] = state.ends.astimezone(zone).date().isoformat()
        own[table.starts] = state.starts.astimezone(zone).date().isoformat()
    where = next((r.statement for r in (*sources, *last) if r.statement.lat is not None), None)
    if where is not None and where.lat is not None and where.lon is not None:
        own |= {"latitude": write_decimal(where.lat), "longitude": write_decimal(where.lon)}
    if source is None:
        own["year"] = own.get(table.starts, "")[:4]
    else:
        own[table.time_precision] = source.statement.time_precision
        own[table.place_precision] = source.statement.place_precision
    own[table.text] = _text(last)
    if len(last) > 1 or source is None:
        own |= _named_sources(state, form)
    own |= _killed(state, table)
    return {
        name: value
        for name in table.columns
        if (value := _as_it_came(kept.get(name, ""), own.get(name, "")))
    }


def _last_by_claimant(claims: Iterable[Report[Incident]]) -> list[Report[Incident]]:
    return list({report.claimant: report for report in claims}.values())


def _text(last: Sequence[Report[Incident]]) -> str:
    if len(last) == 1:
        return last[0].statement.text
    return " | ".join(f"{r.claimant}: {r.statement.text}" for r in last if r.statement.text)


def _named_sources(state: IncidentState, form: EventFormat) -> dict[str, str]:
    names = _SEVERAL.join(state.origins)
    if form == "acled":
        return {"source": names}
    return {"source_office": names, "number_of_sources": str(len(state.origins))}


def _killed(state: IncidentState, table: EventTable) -> dict[str, str]:
    series = state.figures.get(Figure("killed"))
    if series is None:
        return {}
    low, best, high = over(
        (c.quantity.low, c.quantity.best, c.quantity.high)
        if len(series.latest) == 1
        else (c.quantity.lowest, c.quantity.best, c.quantity.highest)
        for c in series.latest
    )
    ends = {"low": low, "best": best, "high": high}
    return {
        name: write_decimal(end)
        for part, name in table.killed.items()
        if (end := ends[part]) is not None
    }


def _as_it_came(kept: str, own: str) -> str:
    """Return the cell as the source wrote it where it still says the same, else as it is now."""
    if not own or not kept:
        return own or kept
    is_same = kept == own or day_of(kept) == own or _plain(kept) == own
    return kept if is_same else own


def _plain(text: str) -> str:
    try:
        return write_decimal(Decimal(text))
    except InvalidOperation:
        return text


def _unguarded(text: str) -> str:
    """Take off the sign that was put before a cell so that no spreadsheet takes it for a formula."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text
