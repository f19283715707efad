"""Seeded reports of mixed kinds for the other scripts: a year of a busy operation."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from corridor.operation import Operation

SEED = 20230919
START = datetime(2029, 1, 1, tzinfo=UTC)
PLACES, COMMODITIES, ROADS, CLAIMANTS, PUBLISHERS = 60, 8, 12, 24, 40
PARTIES = tuple(f"party-{number}" for number in range(CLAIMANTS))


def begun(
    folder: Path, name: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Operation:
    """Make an operation that names its passphrase, so that nobody is asked for it."""
    Operation.init(folder, name)
    with (folder / "corridor.toml").open("a") as marker:
        marker.write('demo_passphrase = "everyone may read this benchmark"\n')
    return Operation(folder, clock=clock)


def reports(count: int, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """Yield the raw mappings of some descriptions and of `count` claims, in the order they were learned."""
    chance = random.Random(seed)
    yield from _descriptions()
    for number in range(count):
        yield _claim(number, chance)


def write_lines(path: Path, count: int, seed: int = SEED) -> None:
    """Write those reports as JSON Lines."""
    with path.open("wb") as out:
        out.writelines(orjson.dumps(raw) + b"\n" for raw in reports(count, seed))


def table(count: int, seed: int = SEED) -> Iterator[list[str]]:
    """Yield a header and `count` rows of stock counts, as a spreadsheet would hold them."""
    chance = random.Random(seed)
    yield [
        "place", "commodity", "quantity.best", "quantity.unit", "method",
        "observed", "claimant", "publisher", "published", "learned", "handling",
    ]  # fmt: skip
    for number in range(count):
        day = (START + timedelta(minutes=5 * number)).date().isoformat()
        yield [
            f"place-{chance.randrange(PLACES)}", f"goods-{chance.randrange(COMMODITIES)}",
            f"{chance.randrange(1, 40000) / 10}", "t", "counted",
            day, chance.choice(PARTIES), f"Bulletin {chance.randrange(PUBLISHERS)}",
            day, "published", "restricted",
        ]  # fmt: skip


def _descriptions() -> Iterator[dict[str, Any]]:
    said = {"claimant": "operation", "handling": "public", "learned_at": _written(START)}
    for code in PARTIES:
        yield {"kind": "organisation", "organisation": code, "name": code.title(), **said}
    for number in range(PLACES):
        yield {"kind": "place", "place": f"place-{number}", "type": "settlement", **said}
    for number in range(COMMODITIES):
        goods = f"goods-{number}"
        yield {"kind": "commodity", "commodity": goods, "name": goods, "unit": "t", **said}
    for number in range(ROADS):
        ends = {"start": "place-0", "end": f"place-{number + 1}"}
        figures = {"distance_km": "40", "drive_h": "2"}
        yield {"kind": "road", "road": f"road-{number}", **ends, **figures, **said}


def _claim(number: int, chance: random.Random) -> dict[str, Any]:
    learned = START + timedelta(minutes=number)
    observed = learned - timedelta(minutes=chance.randrange(2880))
    raw = {
        "claimant": chance.choice(PARTIES),
        "key": f"claim-{number}",
        "handling": chance.choice(("public", "partners", "restricted", "restricted")),
        "observed": _written(observed),
        "publisher": f"Bulletin {chance.randrange(PUBLISHERS)}",
        "url": f"https://example.org/{learned:%Y/%m}/{number}",
        "published": _written(learned),
        "learned": "published",
        "reliability": chance.choice("ABCF"),
    }
    kind = chance.choices(tuple(_SAID), weights=(4, 5, 3, 4, 1, 1))[0]
    return raw | {"kind": kind} | _SAID[kind](number, chance)


def _headcount(_number: int, chance: random.Random) -> dict[str, Any]:
    words = chance.choice(("", "", "up to ", "about "))
    people = f"{words}{chance.randrange(1, 3000)} people"
    return {"place": f"place-{chance.randrange(PLACES)}", "quantity": people}


def _stock_count(_number: int, chance: random.Random) -> dict[str, Any]:
    return {
        "place": f"place-{chance.randrange(PLACES)}",
        "commodity": f"goods-{chance.randrange(COMMODITIES)}",
        "quantity": f"{chance.randrange(1, 4000) / 10} t",
    }


def _road_status(_number: int, chance: random.Random) -> dict[str, Any]:
    status = chance.choice(("open", "open", "closed"))
    return {"road": f"road-{chance.randrange(ROADS)}", "status": status, "towards": "place-0"}


def _consignment(number: int, chance: random.Random) -> dict[str, Any]:
    return {
        "commodity": f"goods-{chance.randrange(COMMODITIES)}",
        "stage": chance.choice(("dispatched", "received", "received", "distributed")),
        "quantity": {"best": str(chance.randrange(1, 60)), "unit": "t"},
        "origin": "place-0",
        "destination": f"place-{chance.randrange(1, PLACES)}",
        "consignment": f"waybill-{number // 3}",
    }


def _arrival(_number: int, chance: random.Random) -> dict[str, Any]:
    return {
        "place": f"place-{chance.randrange(PLACES)}",
        "quantity": f"{chance.randrange(1, 400)} people",
    }


def _observation(number: int, _chance: random.Random) -> dict[str, Any]:
    text = f"Remark {number}: the queue at the crossing has “not moved” since the morning."
    return {"indicator": "queue", "text": text}


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


_SAID = {
    "headcount": _headcount,
    "stock_count": _stock_count,
    "road_status": _road_status,
    "consignment": _consignment,
    "arrival": _arrival,
    "observation": _observation,
}
