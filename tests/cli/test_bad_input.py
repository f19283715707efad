"""Whatever is wrong is refused in plain words, all of it at once, and the ledger stays as it was."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from corridor import Operation
from corridor.intake import Row
from intake import books

Run = Callable[..., tuple[int, str, str]]

LAND = (
    {"kind": "setting", "name": "time_zone", "value": "Asia/Yerevan"},
    {"kind": "place", "place": "camp", "type": "camp"},
    {"kind": "place", "place": "north-town", "type": "settlement"},
    {"kind": "commodity", "commodity": "flour", "name": "Flour", "unit": "t"},
    {"kind": "organisation", "organisation": "ministry", "name": "Ministry of Relief"},
)
COUNT = {"place": "camp", "commodity": "flour", "claimant": "ministry"}
PEOPLE = {"place": "camp", "claimant": "ministry", "quantity": "7 people"}
PIPELINE = {
    "place": "camp",
    "commodity": "flour",
    "claimant": "ministry",
    "quantity": "7 t",
    "expected_from": "2023-09-29T08:00:00+04:00",
    "expected_until": "2023-09-30T08:00:00+04:00",
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An operation that no test here changes."""
    folder = tmp_path_factory.mktemp("town")
    made = Operation.init(folder, "A town")
    made.record([Row("", {**raw, "claimant": "operation"}) for raw in LAND])
    return folder


@pytest.fixture
def refusal(run: Run, town: Path) -> Callable[..., str]:
    """Run a command that must be refused, and give back what it says."""

    def call(*words: object) -> str:
        before = Operation(town).ledgers.heads("sealed")
        code, _, err = run(*words, "-o", town)
        assert code == 1, err
        assert "Traceback" not in err
        assert err.startswith("corridor: ")
        assert Operation(town).ledgers.heads("sealed") == before
        return err

    return call


def csv(path: Path, *rows: Mapping[str, str]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))

    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    path.write_text("".join(",".join(map(quoted, line)) + "\n" for line in lines), "utf-8")
    return path


# What is wrong with a field: the kind, a good row, what is changed in it, and what is said of it.
WRONG = {
    "unknown field": ("stock_count", COUNT, {"colour": "red", "quantity": "7 t"}, "colour"),
    "no number": ("stock_count", COUNT, {"quantity": "abc"}, "not 'abc'"),
    "negative": ("stock_count", COUNT, {"quantity": "-5 t"}, "must not be negative, and is -5"),
    "low above high": ("stock_count", COUNT, {"quantity": "9-5 t"}, "must not be above high"),
    "parts in disorder": (
        "stock_count",
        COUNT,
        {"quantity.low": "9", "quantity.best": "5", "quantity.unit": "t"},
        "must not be above best: 9 is more than 5",
    ),
    "unknown unit MT": ("stock_count", COUNT, {"quantity": "7 MT"}, "unit 'MT' is not one used"),
    "unknown unit pcs": ("stock_count", COUNT, {"quantity": "7 pcs"}, "unit 'pcs' is not one used"),
    "full-width digits": ("stock_count", COUNT, {"quantity": "１２ t"}, "'１２"),
    "underscore": ("stock_count", COUNT, {"quantity": "1_000 t"}, "'1_000'"),
    "vast": ("stock_count", COUNT, {"quantity": "1e999 t"}, "'1e999'"),
    "sign between thousands": ("stock_count", COUNT, {"quantity": "1,234 t"}, "'1,234'"),
    "time without offset": (
        "pipeline",
        PIPELINE,
        {"expected_from": "2023-09-29T08:00:00"},
        "a time with an offset is needed",
    ),
    "time of digits": ("pipeline", PIPELINE, {"expected_from": "20230923"}, "not '20230923'"),
    "day of digits": ("headcount", PEOPLE, {"observed": "20230923"}, "not '20230923'"),
    "full-width day": ("headcount", PEOPLE, {"observed": "２０２３-09-23"}, "'２０２３-09-23'"),
    "end before start": (
        "pipeline",
        PIPELINE,
        {"expected_until": "2023-09-28T08:00:00+04:00"},
        "must not be before expected_from",
    ),
    "observed backwards": (
        "headcount",
        PEOPLE,
        {"observed": "2023-09-23/2023-09-22"},
        "must not end before it begins",
    ),
    "unknown place": ("headcount", PEOPLE, {"place": "north-twon"}, "near it: north-town"),
    "unknown claimant": ("headcount", PEOPLE, {"claimant": "minstry"}, "near it: ministry"),
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("way", ["record", "csv", "jsonl"])
def test_what_is_wrong_with_a_field_is_said_at_that_field(
    refusal: Callable[..., str], tmp_path: Path, name: str, way: str
) -> None:
    kind, good, change, said = WRONG[name]
    raw = {**good, **change}
    field = next(iter(change))
    if way == "record":
        told = refusal("record", kind, *(f"{key}={value}" for key, value in raw.items()))
    elif way == "jsonl":
        file = tmp_path / "rows.jsonl"
        file.write_text(json.dumps(raw) + "\n", "utf-8")
        told = refusal("import", file, "--kind", kind)
        assert "line 1" in told
    else:
        told = refusal("import", csv(tmp_path / "rows.csv", raw), "--kind", kind)
        assert "row 2" in told or "header" in told
    assert field.partition(".")[0] in told
    assert said in told


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx"])
def test_an_unknown_kind_is_refused_with_the_nearest(
    refusal: Callable[..., str], tmp_path: Path, ending: str
) -> None:
    file = csv(tmp_path / f"rows.{ending}", PEOPLE)
    told = refusal("import", file, "--kind", "headcuont")
    assert "no kind is called 'headcuont'; near it: headcount" in told
    assert "near it: headcount" in refusal("record", "headcuont", "place=camp")


def test_all_that_is_wrong_in_all_rows_is_said_at_once(
    refusal: Callable[..., str], tmp_path: Path
) -> None:
    rows = (
        PEOPLE | {"quantity": "abc", "place": "kamp"},
        PEOPLE,
        PEOPLE | {"quantity": "9-5 people", "claimant": "nobody"},
    )
    told = refusal("import", csv(tmp_path / "rows.csv", *rows), "--kind", "headcount")
    assert "refused, 4 things are wrong; nothing was recorded" in told
    for line in ("row 2, place:", "row 2, quantity", "row 4, quantity.low:", "row 4, claimant:"):
        assert line in told


def test_of_very_many_problems_the_first_hundred_and_a_count_are_said(
    refusal: Callable[..., str], tmp_path: Path
) -> None:
    rows = (PEOPLE | {"quantity": f"x{number}"} for number in range(250))
    told = refusal("import", csv(tmp_path / "rows.csv", *rows), "--kind", "headcount")
    assert "250 things are wrong" in told
    assert "... and 150 more" in told
    assert len(told.splitlines()) == 102


# Files that are no tables, or not the ones that were meant.

GOOD = "place,quantity,claimant\ncamp,7 people,ministry\n"
FILES: dict[str, tuple[str, bytes, str]] = {
    "wrong header": (
        "a.csv",
        b"plase,quantity,quantity,,claimant\n",
        "headcount has no column 'plase'; near it: place",
    ),
    "a column without a name": ("a.csv", b"place,,claimant\n", "column 2 has no name"),
    "a column twice": ("a.csv", b"place,note,note\n", "the column 'note' stands 2 times"),
    "Windows-1252": ("a.csv", "place,note\ncamp,Ministère\n".encode("cp1252"), "(line 2)"),
    "Windows-1252 in JSON": ("a.jsonl", '{"note": "è"}'.encode("cp1252"), "not UTF-8"),
    "UTF-16": ("a.csv", GOOD.encode("utf-16"), "not UTF-8 (line 1)"),
    "empty": ("a.csv", b"", "is empty; a header row is needed"),
    "blank": ("a.csv", b" \n\n", "is empty; a header row is needed"),
    "header alone": ("a.csv", b"place,quantity,claimant\n", "holds no rows"),
    "empty JSON Lines": ("a.jsonl", b"", "holds no rows"),
    "no workbook": ("a.xlsx", b"place,claimant\n", "cannot be read as a spreadsheet"),
    "empty workbook": ("a.xlsx", b"", "cannot be read as a spreadsheet"),
    "a million columns": ("a.csv", b"place," * 1_000_000, "1000000 columns; a table may have 500"),
    "a million cells in a row": ("a.csv", GOOD.encode() + b"," * 999_999 + b"x", "1000000 cells"),
    "NUL": ("a.csv", GOOD.encode() + b"camp\0", "holds NUL characters (line 3)"),
    "NUL in JSON": ("a.jsonl", b'{"place": "camp\\u0000"}', "place: a code of letters"),
    "an open quote": ("a.csv", GOOD.encode() + b'"camp,', "is not a table: line 3"),
    "no JSON": ("a.jsonl", b"place,claimant\n", "it is not a JSON object"),
    "duplicate keys": ("a.jsonl", b'{"place": "camp", "place": "a"}', "place stands twice"),
    "a list": ("a.jsonl", b"[1]", "a JSON object is needed, not a list"),
    "vast number": ("a.jsonl", b'{"quantity": 1e999}', "not '1E+999"),
    "no number": ("a.jsonl", b'{"quantity": NaN}', "NaN is not a number"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_table_is_refused(
    refusal: Callable[..., str], tmp_path: Path, name: str
) -> None:
    file_name, content, said = FILES[name]
    file = tmp_path / file_name
    file.write_bytes(content)
    told = refusal("import", file, "--kind", "headcount")
    assert said in told
    assert len(told) < 20_000


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "'="])
def test_a_text_that_a_spreadsheet_takes_for_a_formula_is_refused(
    refusal: Callable[..., str], tmp_path: Path, sign: str
) -> None:
    row = PEOPLE | {"note": f"{sign}cmd|' /C calc'!A0"}
    told = refusal("import", csv(tmp_path / "a.csv", row), "--kind", "headcount")
    assert f"row 2, note: begins with '{sign[-1]}', as a formula does" in told


@pytest.mark.parametrize("text", ["-5", "+374 10 12-34-56", "-5.5", "a = b", "1-2"])
def test_a_number_with_a_sign_is_a_text_like_any_other(
    run: Run, camp: Path, tmp_path: Path, text: str
) -> None:
    row = PEOPLE | {"note": text}
    code, out, err = run("import", csv(tmp_path / "a.csv", row), "--kind", "headcount", "-o", camp)
    assert (code, "Accepted 1 of 1" in out) == (0, True), err


def test_formulas_of_a_workbook_are_refused_by_the_name_of_their_cell(
    refusal: Callable[..., str], tmp_path: Path
) -> None:
    rows: list[list[books.Cell]] = [
        ["place", "quantity.best", "quantity.unit", "claimant", "note"],
        ["camp", 7, "people", "ministry"],
        ["camp", "=SUM(B2:B2)", "people", "ministry", "=A1"],
    ]
    told = refusal("import", books.workbook(tmp_path / "a.xlsx", rows), "--kind", "headcount")
    assert "2 things are wrong" in told
    assert "row 3, quantity.best: cell B3 holds a formula, now 7" in told
    assert "row 3, note: cell E3 holds a formula" in told
    header = books.workbook(tmp_path / "b.xlsx", [["=A2", "claimant"], ["camp", "ministry"]])
    assert "formulas in its header" in refusal("import", header, "--kind", "headcount")
    document = books.open_document(tmp_path / "c.ods", "of:=SUM([.A1])")
    assert "of:=SUM" in refusal("import", document, "--kind", "headcount")


def test_a_table_of_200_mb_is_refused_before_it_is_read(
    refusal: Callable[..., str], tmp_path: Path
) -> None:
    for name, instead in (("a.csv", "split it"), ("b.xlsx", "split it"), ("c.jsonl", "load it")):
        file = tmp_path / name
        with file.open("wb") as out:
            out.truncate(200 * 1024 * 1024)
        told = refusal("import", file, "--kind", "headcount")
        assert "has 200 MB; a table may have 64 MB" in told
        assert instead in told


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(
    refusal: Callable[..., str], tmp_path: Path
) -> None:
    told = refusal("import", books.bomb(tmp_path / "a.xlsx", 60), "--kind", "headcount")
    assert "would unpack to 60 MB" in told


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of memory")
def test_a_workbook_that_would_fill_the_memory_is_stopped(
    refusal: Callable[..., str], tmp_path: Path
) -> None:
    told = refusal("import", books.vast(tmp_path / "a.xlsx"), "--kind", "headcount")
    assert "cannot be opened within 2 GB of memory" in told


def test_a_folder_and_a_missing_file_are_said_to_be_so(
    refusal: Callable[..., str], tmp_path: Path
) -> None:
    for ending in ("csv", "jsonl", "xlsx"):
        (tmp_path / f"folder.{ending}").mkdir()
        for name, said in (("folder", "is a folder"), ("none", "No such file")):
            file = tmp_path / f"{name}.{ending}"
            told = refusal("import", file, "--kind", "headcount")
            assert said in told
            assert file.name in told
            refusal("import", file, "--kind", "headcount", "--keep-good")
            assert not list(tmp_path.glob("*.refused*"))


# The sign before decimals is declared.


@pytest.mark.parametrize("text", ["1.234,5", "1.234", "1 234,5", "1'234,5", "1,234,567", "22.3"])
@pytest.mark.parametrize("column", ["quantity", "quantity.best"])
def test_with_decimal_comma_signs_between_thousands_are_refused(
    refusal: Callable[..., str], tmp_path: Path, text: str, column: str
) -> None:
    row = COUNT | ({"quantity": f"{text} t"} if column == "quantity" else {column: text})
    if column != "quantity":
        row |= {"quantity.unit": "t"}
    file = csv(tmp_path / "a.csv", row)
    told = refusal("import", file, "--kind", "stock_count", "--decimal", "comma")
    assert f"row 2, {column}: with --decimal comma" in told
    assert text in told
    assert len(told.splitlines()) == 1, "said once"


@pytest.mark.parametrize(
    ("text", "said"), [("22,3 t", "22.3 t"), ("22,3-24,5 t", "22.3-24.5 t"), ("1234 t", "1,234 t")]
)
def test_decimal_comma_is_read_where_it_is_declared_and_nowhere_else(
    run: Run, town: Path, tmp_path: Path, text: str, said: str
) -> None:
    folder = tmp_path / "copy"
    made = Operation.init(folder, "Copy")
    made.record([Row("", {**raw, "claimant": "operation"}) for raw in LAND])
    file = csv(tmp_path / "a.csv", COUNT | {"quantity": text, "note": "1,5 of 3"})
    if "," in text:
        assert run("import", file, "--kind", "stock_count", "-o", folder)[0] == 1
    words = ("import", file, "--kind", "stock_count", "--decimal", "comma", "-o", folder)
    assert run(*words)[0] == 0
    report = made.entries("restricted")[-1].report
    assert str(report.statement.quantity) == said
    assert report.note == "1,5 of 3"


def test_numbers_of_a_workbook_are_numbers_whatever_is_declared(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    made = Operation.init(folder, "Copy")
    made.record([Row("", {**raw, "claimant": "operation"}) for raw in LAND])
    names: list[books.Cell] = ["place", "commodity", "claimant", "quantity.best", "quantity.unit"]
    rows = [
        names,
        ["camp", "flour", "ministry", 22.3, "t"],
        ["camp", "flour", "ministry", "22,3", "t"],
    ]
    file = books.workbook(tmp_path / "a.xlsx", rows)
    words = ("import", file, "--kind", "stock_count", "--decimal", "comma", "-o", folder)
    assert run(*words)[0] == 0
    counts = [str(entry.report.statement.quantity) for entry in made.entries("restricted")[-2:]]
    assert counts == ["22.3 t", "22.3 t"]


def test_decimal_comma_is_not_for_json(refusal: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(PEOPLE), "utf-8")
    told = refusal("import", file, "--kind", "headcount", "--decimal", "comma")
    assert "leave --decimal out" in told
