"""The tables in which UCDP GED and ACLED give events: their columns, and what each becomes here.

The two are kept apart: a code for how exact a place is means one thing in one and another in the other.
Rows are the reader's own download; none come with Corridor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from corridor.values import is_day

EventFormat = Literal["ged", "acled"]

_GED_COLUMNS = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id",
    "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name",
    "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b",
    "number_of_sources", "source_article", "source_office", "source_date", "source_headline",
    "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2",
    "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region",
    "event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b",
    "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
)  # fmt: skip
_ACLED_COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type",
    "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2",
    "interaction", "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3",
    "location", "latitude", "longitude", "geo_precision", "source", "source_scale", "notes",
    "fatalities", "tags", "timestamp", "population_1km", "population_2km", "population_5km",
    "population_best",
)  # fmt: skip
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]00:00:00(\.0+)?")
_DAY_FIRST = re.compile(r"(\d{2})-(\d{2})-(\d{4})")


@dataclass(frozen=True, slots=True)
class EventTable:
    """One publisher's table of events.

    Attributes
    ----------
    columns, optional
        Its columns in order; those that a file may lack, and those that a file may have beyond them.
    id, time_precision, place_precision, text
        The column for each of these.
    type
        The columns that tell the type of an event; joined, they stand in `source_type`.
    starts, ends
        The columns for its first and last day; the same one where there is only one.
    killed
        The column for each part of the figure of people killed.
    exact_day
        The code that says the day is known.
    hostile
        The types (by the first of `type`) that are hostile acts by the publisher's own definition.
    claimant, name
        Who says what a row says, as a code and as a name.
    """

    columns: tuple[str, ...]
    optional: frozenset[str]
    id: str
    time_precision: str
    place_precision: str
    text: str
    type: tuple[str, ...]
    starts: str
    ends: str
    killed: Mapping[str, str]
    exact_day: str
    hostile: frozenset[str]
    claimant: str
    name: str


TABLES: Mapping[EventFormat, EventTable] = {
    "ged": EventTable(
        columns=_GED_COLUMNS,
        optional=frozenset({"geom_wkt"}),
        id="id",
        time_precision="date_prec",
        place_precision="where_prec",
        text="where_description",
        type=("type_of_violence",),
        starts="date_start",
        ends="date_end",
        killed={"best": "best", "low": "low", "high": "high"},
        exact_day="1",
        hostile=frozenset({"1", "2", "3"}),
        claimant="ucdp",
        name="Uppsala Conflict Data Program",
    ),
    "acled": EventTable(
        columns=_ACLED_COLUMNS,
        optional=frozenset(
            {"population_1km", "population_2km", "population_5km", "population_best"}
        ),
        id="event_id_cnty",
        time_precision="time_precision",
        place_precision="geo_precision",
        text="notes",
        type=("event_type", "sub_event_type"),
        starts="event_date",
        ends="event_date",
        killed={"best": "fatalities"},
        exact_day="1",
        hostile=frozenset({"Battles", "Explosions/Remote violence", "Violence against civilians"}),
        claimant="acled",
        name="Armed Conflict Location & Event Data",
    ),
}


def day_of(text: str) -> str:
    """Return a day as 2023-09-27, from the ways in which these tables write one.

    What is none of them is returned as it is; the door says what is wrong with it.
    """
    if is_day(text):
        return text
    midnight = _MIDNIGHT.fullmatch(text)
    if midnight is not None:
        return midnight[1]
    day_first = _DAY_FIRST.fullmatch(text)
    if day_first is not None:
        return f"{day_first[3]}-{day_first[2]}-{day_first[1]}"
    try:
        return _in_words(text).isoformat()
    except ValueError:
        return text


def _in_words(text: str) -> date:
    """Read "27 September 2023"."""
    return datetime.strptime(text, "%d %B %Y").date()  # noqa: DTZ007  # a day has no time zone
