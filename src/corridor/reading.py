"""The one door in: a raw mapping becomes a report, or is refused with all that is wrong with it.

A raw mapping is what a form, a table row, a JSON line or the command line gives: field names to
texts (or JSON values), the envelope's and the statement's fields side by side. Nothing is guessed:
numbers are plain decimals, times carry their offset, unknown fields are refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import orjson

from corridor.errors import InvalidReport, Problem, shown
from corridor.field_values import QUANTITY_PARTS, READERS, Refused, nearest, say
from corridor.fields import Check, FieldSpec, checks, specs
from corridor.report import Handling, Report, report_id, stricter
from corridor.statements import KIND_OF, KINDS, Kind
from corridor.values import Area, day_end, day_start, is_day, read_day, read_time, write_time
from corridor.wire import encode

Raw = Mapping[str, Any]
_Field = tuple[str, FieldSpec, Callable[[Any, FieldSpec], Any]]

# Shorter ways to say when: a day, two days, or a time; see `_expand`.
SHORTHANDS = {
    "observed": "When it was so: a day, two days (2023-09-22/2023-09-23), a time with its offset.",
    "published": "When it was said: a day or a time.",
    "learned": "When the operation could know it: a day, a time, or the word 'published'.",
}
# The fields in which a kind declares codes, and what later reports refer to them as.
DECLARES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "place": (("place", "place"),),
    "road": (("road", "road"),),
    "party": (("party", "party"),),
    "organisation": (("organisation", "party"),),
    "commodity": (("commodity", "commodity"),),
    "fleet": (("fleet", "fleet"),),
    "passage_request": (("request", "request"),),
    "shelter_unit": (("shelter_unit", "shelter unit"),),
    "ceasefire": (("ceasefire", "ceasefire"), ("clause", "clause"), ("violations", "violation")),
    "incident": (("incident", "incident"),),
    "instrument": (("instrument", "instrument"),),
    "clause": (("clause", "clause"),),
    "process": (("process", "process"),),
    "round": (("round", "round"),),
    "agenda_item": (("item", "agenda item"),),
    "proposal": (("proposal", "proposal"),),
    "agreed_text": (("agreed_text", "agreed text"),),
    "commitment": (("commitment", "commitment"),),
    "deliverable": (("deliverable", "deliverable"),),
}
# The operation itself may claim (counts, settings, decisions) without being declared first.
THE_OPERATION = "operation"

_SAID_AS = {"party": "claimant or party", "violation": "type of violation in any clause"}

# A report is a statement in an envelope, with quantities in it.
_DEEPEST = 8
_CONTENT = json.JSONEncoder(sort_keys=True, default=str, ensure_ascii=True)
_PLAIN = frozenset({str, int, bool, type(None)})


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
    area
        Where the operation is; None where nobody declared it.
    """

    now: datetime
    zone: tzinfo = UTC
    handling: Handling = "restricted"
    channel: str = ""
    known: Mapping[str, Collection[str]] = field(default_factory=dict)
    area: Area | None = None


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
    5. Check that codes are declared, and that coordinates lie where the operation is.
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
    fields.setdefault("handling", _usual_handling(found, fields, context))
    if "learned_at" not in fields:
        fields["learned_at"] = write_time(context.now)
    if fields.get("key") in (None, ""):
        fields["key"] = content_key(raw, found.name)
    said = _read_fields(form.statement, fields, problems)
    around = _read_fields(form.envelope, fields, problems)
    _run(form.statement_checks, around | said, problems)
    _run(form.envelope_checks, around, problems)
    _check_references(form, around, said, context, problems)
    _check_area(said, context, problems)
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
        raise InvalidReport([Problem("", f"a JSON object is needed, not {say(value)}")])
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


def declared(raw: Raw, kind: str = "") -> tuple[tuple[str, str], ...]:
    """Return each (what, code) that a raw mapping declares, such as ("place", "north-town")."""
    name = kind or raw.get("kind")
    nested = raw.get("statement")
    if not isinstance(name, str) or name not in DECLARES:
        return ()
    source = nested if isinstance(nested, Mapping) else raw
    return tuple(
        (what, code)
        for field_name, what in DECLARES[name]
        for code in _codes_in(source.get(field_name))
    )


def declared_by(statement: Any) -> Iterator[tuple[str, str]]:
    """Yield each (what, code) that a statement declares."""
    for field_name, what in DECLARES.get(KIND_OF[type(statement)], ()):
        for code in _codes_in(getattr(statement, field_name)):
            yield what, code


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


def _kind(raw: Raw, kind: str) -> Kind:
    name = raw.get("kind", kind) or kind
    if kind and name != kind:
        raise InvalidReport([Problem("kind", f"{kind} is expected here, not {say(name)}")])
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
        problems.append(Problem("statement", f"a group of fields is needed, not {say(nested)}"))
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
            raise ValueError(f"a day or a time is needed, not {say(value)}")
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
            raise ValueError(f"a day or a time is needed, not {say(value)}")
        moment = day_end(read_day(value), context.zone) if is_day(value) else read_time(value)
        fields[name] = write_time(moment)
    except ValueError as error:
        problems.append(Problem(said_as, str(error)))


@cache
def _form(kind: str) -> _Form:
    statement = KINDS[kind].statement
    around, said = specs(Report), specs(statement)
    own = {name for name, _ in DECLARES.get(kind, ())}
    return _Form(
        kind,
        tuple((spec.name, spec, READERS[spec.shape]) for spec in around),
        tuple((spec.name, spec, READERS[spec.shape]) for spec in said),
        frozenset(spec.name for spec in (*around, *said)),
        checks(Report),
        checks(statement),
        tuple(spec for spec in (*around, *said) if spec.reference and spec.name not in own),
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
        except Refused as refused:
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
            found = f", {shown(rule.found(*given))}" if rule.found else ""
            problems.append(Problem(rule.fields[0], rule.text + found))


def _check_references(
    form: _Form,
    around: Mapping[str, Any],
    said: Mapping[str, Any],
    context: Context,
    problems: list[Problem],
) -> None:
    for spec in form.references:
        given = around.get(spec.name) or said.get(spec.name)
        known = context.known.get(spec.reference)
        if not given or known is None:
            continue
        for code in given if isinstance(given, tuple) else (given,):
            if code in known or (spec.reference == "party" and code == THE_OPERATION):
                continue
            what = _SAID_AS.get(spec.reference, spec.reference)
            problems.append(
                Problem(spec.name, f"no {what} is called '{code}'{nearest(code, known)}")
            )


def _usual_handling(kind: Kind, fields: Mapping[str, Any], context: Context) -> Handling:
    """Return the handling of a report that names none: the operation's, or a higher one its kind asks for.

    Of an incident only that it happened may be public unless somebody says otherwise.
    """
    asked = kind.name == "incident" and fields.get("axis") in ("who_did_it", "breach")
    least: Handling = "restricted" if asked else "public"
    return stricter(context.handling, stricter(kind.at_least, least))


def _check_area(said: Mapping[str, Any], context: Context, problems: list[Problem]) -> None:
    lat, lon, area = said.get("lat"), said.get("lon"), context.area
    if area is None or lat is None or lon is None or area.holds(lat, lon):
        return
    text = f"{lat}, {lon} lies outside the operation's area ({area})"
    if area.holds(lon, lat):
        text += f"; the other way round, {lon}, {lat}, it would lie inside: latitude comes first"
    problems.append(Problem("lat", text))


def _codes_in(value: Any) -> tuple[str, ...]:
    """Return the codes in the value of a field that declares some; what is no text is left out."""
    if isinstance(value, str):
        return tuple(code for part in value.split(",") if (code := part.strip()))
    if isinstance(value, list | tuple):
        return tuple(code for code in value if isinstance(code, str) and code)
    return ()


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
