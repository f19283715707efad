"""The one door in: a raw mapping becomes a report, or is refused with all that is wrong with it.

A raw mapping is what a form, a table row, a JSON line or the command line gives: field names to
texts (or JSON values), the envelope's and the statement's fields side by side. Nothing is guessed:
numbers are plain decimals, times carry their offset, unknown fields are refused.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import orjson

from corridor.errors import CONTROL, InvalidReport, Problem, shown
from corridor.fields import Check, FieldSpec, checks, specs
from corridor.report import Handling, Report, report_id
from corridor.statements import KINDS, Kind
from corridor.units import UNITS, Unit
from corridor.values import Quantity, day_end, day_start, is_day, read_day, read_time, write_time
from corridor.wire import encode

Raw = Mapping[str, Any]
_Field = tuple[str, FieldSpec, Callable[[Any, FieldSpec], Any]]

QUANTITY_PARTS = ("low", "best", "high", "unit", "qualifier")
# Shorter ways to say when: a day, two days, or a time; see `_expand`.
SHORTHANDS = {
    "observed": "When it was so: a day, two days (2023-09-22/2023-09-23), a time with its offset.",
    "published": "When it was said: a day or a time.",
    "learned": "When the operation could know it: a day, a time, or the word 'published'.",
}
# The field in which a kind declares a code, and what later reports refer to it as.
DECLARES = {
    "place": ("place", "place"),
    "road": ("road", "road"),
    "party": ("party", "party"),
    "organisation": ("organisation", "party"),
    "commodity": ("commodity", "commodity"),
    "fleet": ("fleet", "fleet"),
    "passage_request": ("request", "request"),
}
# The operation itself may claim (counts, settings, decisions) without being declared first.
THE_OPERATION = "operation"

_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,9})?", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_REPORT_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_AMOUNT = re.compile(
    # Only whole words go before a number: ".5" and "<5" are not 5.
    r"(?P<words>(?:[^\W\d_]+\s+)*)"
    r"(?P<low>-?\d[^\s-]*)(?:\s*(?:-|–)\s*(?P<high>\d[^\s-]*))?"
    r"(?:\s*(?P<unit>[A-Za-z]\S*))?"
)
_UPPER = frozenset(
    {"up to", "at most", "no more than", "not more than", "as many as", "fewer than", "less than"}
)
_LOWER = frozenset(
    {"over", "more than", "at least", "no less than", "no fewer than", "not less than"}
)
# "up to about 700" is as much an upper end as "up to 700".
_HEDGES = frozenset({"about", "approximately", "around", "circa", "roughly", "some"})
_LONGEST_TEXT = 10_000
# A name longer than this is none, and comparing is slow: so many are compared letter by letter.
_LONGEST_NAME = 100
_COMPARED = 40
# A report is a statement in an envelope, with quantities in it.
_DEEPEST = 8
_CONTENT = json.JSONEncoder(sort_keys=True, default=str, ensure_ascii=True)
_PLAIN = frozenset({str, int, bool, type(None)})
# Many reports give the same figures in the same words; so many are kept as they were read.
_KEPT = 1 << 14


@dataclass(frozen=True, slots=True)
class Context:
    """What the door needs to know of the operation.

    Attributes
    ----------
    now
        The moment of entry; it is when the report was learned unless that is given.
    zone
        Time zone in which a bare day begins and ends.
    handling
        Handling of a report that names none.
    channel
        Channel of a report that names none.
    known
        Codes already declared, by what they are ("place", "party"); a reference with no entry here
        is not checked.
    """

    now: datetime
    zone: tzinfo = UTC
    handling: Handling = "restricted"
    channel: str = ""
    known: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Form:
    """What a raw mapping of one kind may hold, worked out once for all of them.

    Attributes
    ----------
    name
        The kind.
    envelope, statement
        Each field with what reads it.
    names
        The names of all of them.
    envelope_checks, statement_checks
        The rules over several fields, each with those of its fields that can be wrong.
    references
        The fields of either that name something another report declares.
    """

    name: str
    envelope: tuple[_Field, ...]
    statement: tuple[_Field, ...]
    names: frozenset[str]
    envelope_checks: tuple[Check, ...]
    statement_checks: tuple[Check, ...]
    references: tuple[FieldSpec, ...]


# No code is checked and nothing is filled in for material that was read before.
_ANYWHERE = Context(now=datetime(1, 1, 1, tzinfo=UTC))


def read(raw: Raw, context: Context, kind: str = "") -> Report[Any]:
    """Read one raw mapping.

    1. Find the kind; refuse an unknown one with the nearest names.
    2. Gather parts (``quantity.low``) and shorthands (``observed``) into fields.
    3. Refuse unknown fields; read every other field by its type.
    4. Run the checks over several fields whose fields were all read.
    5. Check that codes are declared.
    6. Make the id from channel and key; where no key was given, from the content.

    Raises
    ------
    InvalidReport
        With every problem found, field by field.
    """
    problems: list[Problem] = []
    found = _kind(raw, kind)
    form = _form(found.name)
    fields = _gather(raw, problems)
    fields.pop("kind", None)
    given_id = fields.pop("id", None)
    _expand(fields, context, problems)
    if not form.names >= fields.keys():
        _refuse_unknown(fields, form, problems)
    fields.setdefault("channel", context.channel)
    fields.setdefault("handling", context.handling)
    if "learned_at" not in fields:
        fields["learned_at"] = write_time(context.now)
    if fields.get("key") in (None, ""):
        fields["key"] = content_key(raw, found.name)
    said = _read_fields(form.statement, fields, problems)
    around = _read_fields(form.envelope, fields, problems)
    _run(form.statement_checks, said, problems)
    _run(form.envelope_checks, around, problems)
    _check_references(form, around, said, context, problems)
    if found.name == "retraction" and not around.get("retracts"):
        problems.append(Problem("retracts", "the id of the report withdrawn is needed"))
    if found.name != "retraction" and around.get("retracts"):
        problems.append(Problem("retracts", "only a report of kind retraction withdraws another"))
    if not problems:
        name = report_id(around["channel"], around["key"])
        if given_id is not None and given_id != name:
            problems.append(
                Problem("id", f"does not follow from channel and key; leave it out or give {name}")
            )
        else:
            return Report(id=name, statement=found.statement(**said), **around)
    raise InvalidReport(problems)


def reread(body: bytes) -> None:
    """Send canonical bytes from elsewhere through the door; InvalidReport if it makes others.

    Whoever can write a dump can give it a good chain. What the door refuses must not come in that
    way.
    """
    raw = read_json_line(body)
    kind = raw.get("kind")
    report = read(raw, _ANYWHERE, kind if isinstance(kind, str) else "")
    if encode(report) != body:
        raise InvalidReport(
            [Problem("", f"report {report.id} is not written as Corridor writes it")]
        )


def refused_bodies(bodies: Sequence[bytes]) -> list[tuple[int, tuple[Problem, ...]]]:
    """Return which of many bodies `reread` refuses, by place, each with what is wrong."""
    found: list[tuple[int, tuple[Problem, ...]]] = []
    for place, body in enumerate(bodies):
        try:
            reread(body)
        except InvalidReport as refused:
            found.append((place, refused.problems))
    return found


def read_json_line(line: bytes | str) -> dict[str, Any]:
    """Read one line of JSON Lines into a raw mapping; duplicate keys and NaN are refused."""
    quickly = _read_plain_line(line)
    if quickly is not None:
        return quickly
    try:
        text = line.decode("utf-8") if isinstance(line, bytes) else line
        value = json.loads(
            text, object_pairs_hook=_no_duplicates, parse_float=Decimal, parse_constant=_no_constant
        )
    except UnicodeDecodeError:
        raise InvalidReport([Problem("", "the text is not UTF-8")]) from None
    except RecursionError:
        raise InvalidReport([Problem("", "it is nested too deeply")]) from None
    except InvalidOperation:
        raise InvalidReport([Problem("", "it holds a number beyond all bounds")]) from None
    except ValueError as error:
        raise InvalidReport([Problem("", f"it is not a JSON object: {error}")]) from None
    if not isinstance(value, dict):
        raise InvalidReport([Problem("", f"a JSON object is needed, not {_say(value)}")])
    if _is_deep(value):
        raise InvalidReport([Problem("", "it is nested too deeply")])
    return value


def _read_plain_line(line: bytes | str) -> dict[str, Any] | None:
    """Read a line without decimals quickly, or return None where the careful way is needed.

    A parser that takes the last of two equal keys is used here, so the line counts as read only
    where it is exactly what writing its value again gives, spaces after separators aside.
    """
    try:
        value = orjson.loads(line)
    except ValueError:
        return None
    if type(value) is not dict or not _is_plain(value, _DEEPEST):
        return None
    again = orjson.dumps(value)
    given = line.strip() if isinstance(line, bytes) else line.strip().encode()
    if again != given and again != given.replace(b', "', b',"').replace(b'": ', b'":'):
        return None
    made: dict[str, Any] = value
    return made


def _is_plain(value: Any, levels: int) -> bool:
    if levels <= 1:
        return False
    for part in value.values() if type(value) is dict else value:
        if type(part) not in _PLAIN and not (
            type(part) in (dict, list) and _is_plain(part, levels - 1)
        ):
            return False
    return True


def content_key(raw: Raw, kind: str, ordinal: int = 0) -> str:
    """Return a key made of a row's content, plus its number among equal rows (0 for the first)."""
    content = {
        str(k): v for k, v in raw.items() if k not in ("key", "id", "kind") and v not in (None, "")
    }
    text = _CONTENT.encode(content)
    digest = hashlib.sha256(f"{kind}\n{text}".encode()).hexdigest()[:24]
    return f"{digest}-{ordinal}" if ordinal else digest


def declared(raw: Raw, kind: str = "") -> tuple[str, str] | None:
    """Return (what, code) that a raw mapping declares ("place", "north-town"), or None."""
    name = kind or raw.get("kind")
    nested = raw.get("statement")
    if not isinstance(name, str) or name not in DECLARES:
        return None
    source = nested if isinstance(nested, Mapping) else raw
    field_name, reference = DECLARES[name]
    code = source.get(field_name)
    return (reference, code) if isinstance(code, str) and code else None


def columns(kind: str) -> tuple[str, ...]:
    """Return the columns of a kind's table: its own fields first, then when, who and where said."""
    names: list[str] = []
    for spec in specs(KINDS[kind].statement):
        if spec.shape == "quantity":
            names.extend(f"{spec.name}.{part}" for part in QUANTITY_PARTS)
        else:
            names.append(spec.name)
    return (
        *names,
        *(
            "observed",
            "claimant",
            "publisher",
            "published",
            "url",
            "speech_act",
            "learned",
            "handling",
        ),
        *("reliability", "credibility", "note", "key"),
    )


def nearest(text: str, among: Iterable[str]) -> str:
    """Say the names nearest to one that is not known, or nothing."""
    return _nearest(text[:_LONGEST_NAME], tuple(sorted(among)))


# One misspelt code may stand in very many rows of a table.
@lru_cache(maxsize=1 << 12)
def _nearest(text: str, among: tuple[str, ...]) -> str:
    if len(among) > _COMPARED:
        pairs = _pairs(text)
        likeness = {name: len(pairs & own) / (len(own) + 1) for name, own in _all_pairs(among)}
        among = tuple(sorted(sorted(among, key=lambda n: -likeness[n])[:_COMPARED]))
    close = difflib.get_close_matches(text, among, n=3, cutoff=0.6)
    return f"; near it: {', '.join(close)}" if close else ""


def _pairs(text: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(f" {text} ")))


@lru_cache(maxsize=8)
def _all_pairs(among: tuple[str, ...]) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((name, _pairs(name)) for name in among)


def _kind(raw: Raw, kind: str) -> Kind:
    name = raw.get("kind", kind) or kind
    if kind and name != kind:
        raise InvalidReport([Problem("kind", f"{kind} is expected here, not {_say(name)}")])
    if not isinstance(name, str) or not name:
        raise InvalidReport([Problem("kind", "a kind is needed (see `corridor kinds`)")])
    if name not in KINDS:
        raise InvalidReport(
            [Problem("kind", f"no kind is called '{shown(name)}'{nearest(name, KINDS)}")]
        )
    return KINDS[name]


def _gather(raw: Raw, problems: list[Problem]) -> dict[str, Any]:
    """Lift a nested statement and collect dotted parts; empty texts count as not given."""
    flat: dict[str, Any] = {}
    parted: dict[str, dict[str, Any]] = {}
    nested = raw.get("statement")
    if nested is not None and not isinstance(nested, Mapping):
        problems.append(Problem("statement", f"a group of fields is needed, not {_say(nested)}"))
    for source in (raw, nested if isinstance(nested, Mapping) else {}):
        for name, value in source.items():
            if name == "statement" or value is None or value == "":
                continue
            target, own = flat, str(name)
            if "." in own:
                head, _, part = own.partition(".")
                if part in QUANTITY_PARTS:
                    target, own = parted.setdefault(head, {}), part
            if own in target:
                problems.append(Problem(shown(str(name)), "is given twice"))
            else:
                target[own] = value
    for head, parts in parted.items():
        if head in flat:
            problems.append(Problem(shown(head), "is given twice, whole and in parts"))
        else:
            flat[head] = parts
    return flat


def _expand(fields: dict[str, Any], context: Context, problems: list[Problem]) -> None:
    """Turn the shorthands of `SHORTHANDS` into the envelope's own fields."""
    observed = fields.pop("observed", None)
    if observed is not None:
        _expand_observed(fields, observed, context, problems)
    published = fields.pop("published", None)
    if published is not None:
        _set_time(fields, "published_at", published, context, problems, "published")
    learned = fields.pop("learned", None)
    if learned == "published" and "learned_at" not in fields:
        if "published_at" in fields:
            fields["learned_at"] = fields["published_at"]
        elif published is None:
            problems.append(Problem("learned", "'published' needs a published day or time"))
    elif learned is not None:
        _set_time(fields, "learned_at", learned, context, problems, "learned")


def _expand_observed(
    fields: dict[str, Any], value: Any, context: Context, problems: list[Problem]
) -> None:
    if any(name in fields for name in ("observed_from", "observed_until")):
        problems.append(
            Problem("observed", "is given beside observed_from or observed_until; give one of them")
        )
        return
    try:
        if not isinstance(value, str):
            raise ValueError(f"a day or a time is needed, not {_say(value)}")
        first, slash, last = value.partition("/")
        last = last if slash else first
        start = day_start(read_day(first), context.zone) if is_day(first) else read_time(first)
        until = day_end(read_day(last), context.zone) if is_day(last) else read_time(last)
    except ValueError as error:
        problems.append(Problem("observed", str(error)))
        return
    if until < start:
        problems.append(Problem("observed", "must not end before it begins"))
        return
    fields["observed_from"], fields["observed_until"] = write_time(start), write_time(until)
    one_day = first == last and is_day(first)
    fields.setdefault("precision", "day" if one_day else "instant" if start == until else "range")


def _set_time(
    fields: dict[str, Any],
    name: str,
    value: Any,
    context: Context,
    problems: list[Problem],
    said_as: str,
) -> None:
    if name in fields:
        problems.append(Problem(said_as, f"is given beside {name}; give one of them"))
        return
    try:
        if not isinstance(value, str):
            raise ValueError(f"a day or a time is needed, not {_say(value)}")
        moment = day_end(read_day(value), context.zone) if is_day(value) else read_time(value)
        fields[name] = write_time(moment)
    except ValueError as error:
        problems.append(Problem(said_as, str(error)))


@cache
def _form(kind: str) -> _Form:
    statement = KINDS[kind].statement
    around, said = specs(Report), specs(statement)
    own = DECLARES.get(kind, ("", ""))[0]
    return _Form(
        kind,
        tuple((spec.name, spec, _READERS[spec.shape]) for spec in around),
        tuple((spec.name, spec, _READERS[spec.shape]) for spec in said),
        frozenset(spec.name for spec in (*around, *said)),
        checks(Report),
        checks(statement),
        tuple(spec for spec in (*around, *said) if spec.reference and spec.name != own),
    )


def _refuse_unknown(fields: Mapping[str, Any], form: _Form, problems: list[Problem]) -> None:
    for name in fields:
        if name not in form.names:
            close = nearest(name, (*form.names, *SHORTHANDS))
            problems.append(Problem(shown(name), f"{form.name} has no such field{close}"))


def _read_fields(
    wanted: tuple[_Field, ...], fields: Mapping[str, Any], problems: list[Problem]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, spec, reader in wanted:
        if name not in fields:
            if spec.is_required:
                problems.append(Problem(name, f"is needed: {spec.help}"))
            else:
                values[name] = spec.default
            continue
        try:
            values[name] = reader(fields[name], spec)
        except _Refused as refused:
            problems.extend(Problem(f"{name}{part}", text) for part, text in refused.parts)
    return values


def _run(rules: tuple[Check, ...], values: Mapping[str, Any], problems: list[Problem]) -> None:
    for rule in rules:
        try:
            given = [values[name] for name in rule.fields]
        except KeyError:
            # One of them could not be read, which is told already.
            continue
        if not rule.holds(*given):
            problems.append(Problem(rule.fields[0], rule.text))


def _check_references(
    form: _Form,
    around: Mapping[str, Any],
    said: Mapping[str, Any],
    context: Context,
    problems: list[Problem],
) -> None:
    for spec in form.references:
        code = around.get(spec.name) or said.get(spec.name)
        known = context.known.get(spec.reference)
        if code is None or known is None or code in known:
            continue
        if not (spec.reference == "party" and code == THE_OPERATION):
            what = "claimant or party" if spec.reference == "party" else spec.reference
            problems.append(
                Problem(spec.name, f"no {what} is called '{code}'{nearest(code, known)}")
            )


class _Refused(Exception):
    """A field could not be read; `parts` holds (part of the field, text)."""

    def __init__(self, *parts: tuple[str, str]) -> None:
        self.parts = parts


def _refuse(text: str) -> _Refused:
    return _Refused(("", text))


def _text(value: Any, spec: FieldSpec) -> str:
    if not isinstance(value, str):
        raise _refuse(f"a text is needed, not {_say(value)}")
    if not value.isprintable() and CONTROL.search(value):
        raise _refuse("it holds characters that cannot be shown (control characters)")
    if len(value) > _LONGEST_TEXT:
        raise _refuse(f"it is too long: {len(value)} characters, at most {_LONGEST_TEXT}")
    if not value.strip() and spec.is_required:
        raise _refuse(f"is needed: {spec.help}")
    return value


def _code(value: Any, spec: FieldSpec) -> str:
    pattern = _REPORT_ID if spec.reference == "report" else _CODE
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        needed = (
            "the id of a report (32 hexadecimal digits)"
            if spec.reference == "report"
            else "a code of letters, digits, - _ ."
        )
        raise _refuse(f"{needed} is needed, not {_say(value)}")
    return value


def _choice(value: Any, spec: FieldSpec) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value not in spec.choices:
        close = nearest(value, spec.choices) if isinstance(value, str) else ""
        raise _refuse(f"one of {', '.join(spec.choices)} is needed, not {_say(value)}{close}")
    return str(value)


def _plain_decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise _refuse(f"a number is needed, not {_say(value)}")
    # Written out only when short: 1e999999999 would fill the memory with zeros.
    is_short = isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 30
    text = format(value, "f") if is_short else str(value)
    if _NUMBER.fullmatch(text) is None:
        raise _refuse(f"a number is needed (digits and a point, like 1250.5), not {_say(value)}")
    return Decimal(text)


def _number(value: Any, spec: FieldSpec) -> Decimal:
    number = _plain_decimal(value)
    unit = f" {spec.unit}" if spec.unit else ""
    if spec.least is not None and number < spec.least:
        raise _refuse(f"at least {spec.least}{unit} is needed, not {number}")
    if spec.most is not None and number > spec.most:
        raise _refuse(f"at most {spec.most}{unit} is needed, not {number}")
    return number


def _integer(value: Any, spec: FieldSpec) -> int:
    number = _number(value, spec)
    if number != number.to_integral_value():
        raise _refuse(f"a whole number is needed, not {number}")
    return int(number)


def _yes_no(value: Any, _spec: FieldSpec) -> bool:
    answers = {True: True, False: False, "yes": True, "no": False, "true": True, "false": False}
    if isinstance(value, bool | str) and value in answers:
        return answers[value]
    raise _refuse(f"yes or no is needed, not {_say(value)}")


def _time(value: Any, _spec: FieldSpec) -> datetime:
    if not isinstance(value, str):
        raise _refuse(f"a time with an offset is needed, not {_say(value)}")
    try:
        return read_time(value)
    except ValueError as error:
        raise _refuse(str(error)) from None


def _day(value: Any, _spec: FieldSpec) -> Any:
    try:
        return read_day(value if isinstance(value, str) else str(value))
    except ValueError as error:
        raise _refuse(str(error)) from None


def _list(value: Any, spec: FieldSpec) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise _refuse(f"a list is needed, not {_say(value)}")
    return tuple(_code(part.strip() if isinstance(part, str) else part, spec) for part in parts)


def _quantity(value: Any, spec: FieldSpec) -> Quantity:
    if isinstance(value, str):
        return _quantity_of_text(value, spec)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _quantity_of_text(str(value), spec)
    if not isinstance(value, Mapping):
        raise _refuse(f"a quantity is needed, like '{spec.example or '12 t'}', not {_say(value)}")
    # Only texts: True and 1 are one key, and not one quantity.
    if all(type(part) is str for part in value.values()):
        return _quantity_of_texts(tuple(value.items()), spec)
    return _quantity_of_parts(value, spec)


@lru_cache(maxsize=_KEPT)
def _quantity_of_text(text: str, spec: FieldSpec) -> Quantity:
    return _quantity_of_parts(_amount(text, spec), spec)


@lru_cache(maxsize=_KEPT)
def _quantity_of_texts(parts: tuple[tuple[str, str], ...], spec: FieldSpec) -> Quantity:
    return _quantity_of_parts(dict(parts), spec)


def _quantity_of_parts(value: Mapping[str, Any], spec: FieldSpec) -> Quantity:
    wrong: list[tuple[str, str]] = [
        (
            f".{shown(str(name))}",
            "a quantity has no such part; it has low, best, high, unit and qualifier",
        )
        for name in value
        if name not in QUANTITY_PARTS
    ]
    numbers: dict[str, Decimal | None] = {}
    for part in ("low", "best", "high"):
        given = value.get(part)
        try:
            numbers[part] = None if given in (None, "") else _plain_decimal(given)
        except _Refused as refused:
            wrong.extend((f".{part}", text) for _, text in refused.parts)
    unit = value.get("unit") or (spec.units[0] if spec.units else "")
    allowed = spec.units or tuple(UNITS)
    if unit not in allowed:
        close = nearest(unit, allowed) if isinstance(unit, str) else ""
        needed = "a unit is needed" if not unit else f"unit {_say(unit)} is not one used here"
        wrong.append((".unit", f"{needed}; use one of {', '.join(allowed)}{close}"))
    wrong.extend(_wrong_bounds(numbers))
    if len(numbers) == 3 and all(number is None for number in numbers.values()):
        wrong.append(("", "a number is needed: low, best or high"))
    qualifier = value.get("qualifier", "")
    if not isinstance(qualifier, str) or CONTROL.search(qualifier) or len(qualifier) > 200:
        wrong.append((".qualifier", f"a few words are needed, not {_say(qualifier)}"))
    if wrong:
        raise _Refused(*wrong)
    return Quantity(numbers["best"], Unit(str(unit)), numbers["low"], numbers["high"], qualifier)


def _wrong_bounds(numbers: Mapping[str, Decimal | None]) -> list[tuple[str, str]]:
    wrong = [
        (f".{part}", f"must not be negative, and is {number}")
        for part, number in numbers.items()
        if number is not None and number < 0
    ]
    given = [
        (part, numbers[part]) for part in ("low", "best", "high") if numbers.get(part) is not None
    ]
    for (lower, a), (upper, b) in pairwise(given):
        if a is not None and b is not None and a > b:
            wrong.append((f".{lower}", f"must not be above {upper}: {a} is more than {b}"))
    return wrong


def _amount(text: str, spec: FieldSpec) -> dict[str, Any]:
    """Split 'up to 700 people', '50-1000 people' or '22.3 t' into the parts of a quantity."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        raise _refuse(f"a number is needed, like '{spec.example or '12 t'}', not {_say(text)}")
    words, low, high, unit = (match[part] or "" for part in ("words", "low", "high", "unit"))
    words = words.strip()
    parts: dict[str, Any] = {"unit": unit, "qualifier": words}
    if high:
        return parts | {"low": low, "high": high}
    bound = " ".join(word for word in words.lower().split() if word not in _HEDGES)
    if bound in _UPPER:
        return parts | {"high": low}
    if bound in _LOWER:
        return parts | {"low": low}
    return parts | {"best": low}


def _say(value: Any) -> str:
    """Name a value in a message; long ones are cut."""
    if isinstance(value, str):
        return f"'{shown(value)}'"
    if isinstance(value, Mapping):
        return "a group of fields"
    if isinstance(value, list):
        return "a list"
    return shown(str(value))


def _is_deep(value: Any, levels: int = _DEEPEST) -> bool:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return not levels or any(_is_deep(part, levels - 1) for part in parts)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"the field {', '.join(twice)} stands twice")
    return made


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


_READERS: Mapping[str, Callable[[Any, FieldSpec], Any]] = {
    "text": _text,
    "code": _code,
    "choice": _choice,
    "number": _number,
    "integer": _integer,
    "quantity": _quantity,
    "time": _time,
    "day": _day,
    "yes_no": _yes_no,
    "list": _list,
}
