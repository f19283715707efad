"""Tables of events, and incidents written as such tables. No row of a publisher's is in here but invented ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from corridor import Operation
from corridor.intake import Row
from corridor.intake.event_tables import TABLES, day_of

Run = Callable[..., tuple[int, str, str]]
GED = tuple(name for name in TABLES["ged"].columns if name != "geom_wkt")
ACLED = tuple(n for n in TABLES["acled"].columns if n not in TABLES["acled"].optional)
GED_ROW = {
    "id": "900001", "year": "2010", "type_of_violence": "3", "side_a": "Side A", "where_prec": "2",
    "source_article": '"Valley Post, 2010-05-02, ""Shots, said to be many"""',
    "source_headline": "=Shots\nat night", "where_description": "near the mill",
    "latitude": "10.0", "longitude": "20.250", "date_prec": "2", "date_start": "2010-05-01",
    "date_end": "2010-05-03", "deaths_civilians": "2", "best": "2", "high": "3", "low": "1",
}  # fmt: skip
ACLED_ROW = {
    "event_id_cnty": "VAL12", "event_date": "04 May 2010", "year": "2010", "time_precision": "1",
    "event_type": "Battles", "sub_event_type": "Armed clash", "actor1": "Side A", "inter1": "1",
    "latitude": "10.1000", "longitude": "20.3", "geo_precision": "3", "notes": "A clash, it says.",
    "source": "Valley Post", "fatalities": "0", "timestamp": "1905000000",
}  # fmt: skip


def table(columns: tuple[str, ...], *rows: dict[str, str], header: bool = True) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if header:
        writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return out.getvalue()


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def operation(tmp_path: Path) -> Operation:
    made = Operation.init(tmp_path / "here", "here")
    rules = {"time_zone": "Asia/Yerevan", "area": "9, 19, 11, 21"}
    made.record(
        Row("", {"kind": "setting", "name": name, "value": value, "claimant": "operation"})
        for name, value in rules.items()
    )
    return made


def imported(operation: Operation, tmp_path: Path, form: str, text: str) -> None:
    file = tmp_path / "events.csv"
    file.write_text(text, "utf-8")
    operation.import_file(file, events=form)


@pytest.mark.parametrize(
    ("form", "columns", "row"), [("ged", GED, GED_ROW), ("acled", ACLED, ACLED_ROW)]
)
def test_a_table_comes_back_cell_by_cell(
    operation: Operation, tmp_path: Path, form: str, columns: tuple[str, ...], row: dict[str, str]
) -> None:
    text = table(columns, row)
    imported(operation, tmp_path, form, text)
    again = operation.export_events(form)
    # A cell that begins like a formula has a sign before it, which is taken off when it comes back.
    assert again.replace("'=", "=") == text
    imported(operation, tmp_path, form, again)
    assert len(operation.entries("restricted")) == 4, "two settings, the publisher and the event"


def test_the_codes_for_how_exact_time_and_place_are_stay_those_of_the_source(
    operation: Operation, tmp_path: Path
) -> None:
    imported(operation, tmp_path, "ged", table(GED, GED_ROW))
    imported(operation, tmp_path, "acled", table(ACLED, ACLED_ROW))
    said = {
        e.report.claimant: e.report
        for e in operation.entries("restricted")
        if type(e.report.statement).__name__ == "Incident"
    }
    ged, acled = said["ucdp"], said["acled"]
    assert (ged.statement.time_precision, ged.statement.place_precision) == ("2", "2")
    assert (acled.statement.time_precision, acled.statement.place_precision) == ("1", "3")
    assert (ged.precision, acled.precision) == ("range", "day")
    assert str(ged.statement.killed) == "2 (1-3) people"
    assert ged.statement.violation is None, "a source's type is no clause's"
    assert ged.statement.attributed_to is None, "who did it is for a person to report"
    day = acled.observed_from.astimezone(ZoneInfo("Asia/Yerevan"))
    assert (day.date().isoformat(), day.hour) == ("2010-05-04", 0)


def test_one_table_is_not_written_with_the_codes_of_the_other(
    operation: Operation, tmp_path: Path
) -> None:
    imported(operation, tmp_path, "acled", table(ACLED, ACLED_ROW))
    (row,) = cells(operation.export_events("ged"))
    assert (row["id"], row["date_start"], row["best"]) == ("acled-VAL12", "2010-05-04", "0")
    assert (row["where_prec"], row["date_prec"], row["type_of_violence"]) == ("", "", "")
    assert row["source_office"] == "acled"


def test_claimants_who_differ_make_a_range_and_are_all_named(
    operation: Operation, tmp_path: Path
) -> None:
    imported(operation, tmp_path, "ged", table(GED, GED_ROW))
    operation.record(
        [
            Row("", {"kind": "party", "party": "north", "name": "North", "claimant": "operation"}),
            Row(
                "",
                {"kind": "incident", "incident": "ged-900001", "claimant": "north"}
                | {"killed": "7 people", "observed": "2010-05-02"},
            ),
        ]
    )
    (row,) = cells(operation.export_events("ged"))
    assert (row["low"], row["best"], row["high"]) == ("1", "", "7")
    assert sorted(row["source_office"].split("; ")) == ["north", "ucdp"]
    assert row["number_of_sources"] == "2"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2010-05-04", "2010-05-04"),
        ("2010-05-04 00:00:00.000", "2010-05-04"),
        ("04-05-2010", "2010-05-04"),
        ("04 May 2010", "2010-05-04"),
        ("soon", "soon"),
    ],
)
def test_days_are_read_in_the_ways_these_tables_write_them(written: str, day: str) -> None:
    assert day_of(written) == day


@pytest.mark.parametrize(
    ("form", "columns", "more", "header", "message"),
    [
        ("ged", GED, {"latitude": "50"}, True, "row 2, lat: 50, 20.250 lies outside"),
        (
            "ged",
            GED,
            {"latitude": "20.25", "longitude": "10"},
            True,
            "the other way round, 10, 20.25, it would lie inside: latitude comes first",
        ),
        (
            "ged",
            GED,
            {"date_start": "2199-01-01", "date_end": "2199-01-01"},
            True,
            "row 2, observed_from: an incident cannot lie in the future",
        ),
        ("ged", GED, {"best": "4"}, True, "row 2, killed.best: must not be above high: 4 is more"),
        ("ged", GED, {"id": ""}, True, "row 2, incident: is needed"),
        (
            "ged",
            GED,
            {},
            False,
            "events.csv has no GED header in its first row; it begins id, relid",
        ),
        ("acled", GED, {}, True, "events.csv has no ACLED header in its first row"),
        (
            "acled",
            tuple({"event_date": "date", "inter1": "actor1_type"}.get(n, n) for n in ACLED),
            {},
            True,
            "header: is not the ACLED table known here: it lacks event_date, inter1; it has 'date'",
        ),
        ("acled", (*ACLED, "year"), {}, True, "it has year twice"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_once_and_nothing_is_recorded(
    run: Run,
    operation: Operation,
    tmp_path: Path,
    form: str,
    columns: tuple[str, ...],
    more: dict[str, str],
    header: bool,
    message: str,
) -> None:
    file = tmp_path / "events.csv"
    row = GED_ROW if columns == GED else ACLED_ROW
    file.write_text(table(columns, row | more, header=header), "utf-8")
    code, out, err = run("import", file, "--format", form, "-o", operation.folder)
    assert (code, out) == (1, "")
    assert message in err
    assert len(err.splitlines()) == 1
    assert len(operation.entries("restricted")) == 2


def test_a_row_whose_figures_contradict_each_other_comes_in_without_them_when_asked(
    run: Run, operation: Operation, tmp_path: Path
) -> None:
    file = tmp_path / "events.csv"
    file.write_text(table(GED, GED_ROW | {"best": "9"}), "utf-8")
    code, _, err = run("import", file, "--format", "ged", "--as-given", "-o", operation.folder)
    assert code == 0, err
    report = operation.entries("restricted")[-1].report
    assert report.statement.killed is None
    assert "(low 1, best 9, high 3)" in report.note
    (row,) = cells(operation.export_events("ged"))
    assert (row["low"], row["best"], row["high"]) == ("1", "9", "3")


def test_good_rows_can_be_kept_and_the_others_mended(
    run: Run, operation: Operation, tmp_path: Path
) -> None:
    file = tmp_path / "events.csv"
    file.write_text(table(GED, GED_ROW, GED_ROW | {"id": "900002", "best": "9"}), "utf-8")
    code, out, _ = run("import", file, "--format", "ged", "--keep-good", "-o", operation.folder)
    assert (code, out.strip()) == (1, "Accepted 2 of 2 reports.")
    refused = tmp_path / "events.refused.csv"
    refused.write_text(refused.read_text("utf-8").replace(",9,", ",3,"), "utf-8")
    code, out, err = run("import", refused, "--format", "ged", "-o", operation.folder)
    assert (code, out.strip()) == (0, "Accepted 1 of 1 reports."), err


def test_a_table_of_events_holds_incidents_only(run: Run, operation: Operation) -> None:
    code, _, err = run("import", "x.csv", "--format", "ged", "-k", "place", "-o", operation.folder)
    assert code == 2
    assert "incidents" in err
    code, _, err = run("import", "x.csv", "-o", operation.folder)
    assert code == 2


def test_events_are_exported_to_a_file(run: Run, operation: Operation, tmp_path: Path) -> None:
    imported(operation, tmp_path, "ged", table(GED, GED_ROW))
    file = tmp_path / "out.csv"
    code, out, _ = run("export", "events", file, "--format", "ged", "-o", operation.folder)
    assert (code, out) == (0, f"Wrote events to {file}.\n")
    assert file.read_text("utf-8") == operation.export_events("ged")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"axis": "breach", "clause": "truce-9"}, "clause: no clause is called 'truce-9'; near it"),
        ({"violation": "shelling"}, "violation: no type of violation in any clause is called"),
    ],
)
def test_a_clause_and_a_type_of_violation_must_stand_in_a_ceasefire(
    run: Run, operation: Operation, fields: dict[str, str], message: str
) -> None:
    text = {"kind": "ceasefire", "ceasefire": "truce", "clause": "truce-1", "violations": "shots"}
    operation.record([Row("", {**text, "claimant": "operation"})])
    told = [f"{name}={value}" for name, value in fields.items()]
    words = ("record", "incident", "incident=i-1", "claimant=operation", *told)
    code, _, err = run(*words, "-o", operation.folder)
    assert code == 1
    assert message in err
    code, _, err = run(
        "record", "incident", "incident=i-1", "claimant=operation", "axis=breach",
        "clause=truce-1", "-o", operation.folder,
    )  # fmt: skip
    assert code == 0, err
