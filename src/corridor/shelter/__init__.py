"""Sites against what is asked of them, rooms and who is in them, and what counts of people leave open."""

from corridor.shelter.coverage import Ask, Coverage, Headed, asks, coverage
from corridor.shelter.questions import (
    by_place,
    movement_questions,
    parts_questions,
    people_questions,
    places_of,
    retold,
)
from corridor.shelter.rooms import RoomLine, rooms
from corridor.shelter.shares import Share, Shares, protection_questions, shares_of

# Findings about people and sites; `corridor shelter questions` and a section of the brief list them.
SITE_CODES = frozenset(
    {
        "base_site_too_open",
        "children_share_high",
        "feedback_overdue",
        "headcount_against_flows",
        "parts_above_whole",
        "retold_otherwise",
        "shelter_unit_elsewhere",
        "site_described_apart",
        "site_emptied",
    }
)
COUNT_CODES = frozenset(
    {"equal_part_unequal_total", "headcounts_differ", "total_above_flows", "total_falls"}
)

__all__ = [
    "COUNT_CODES",
    "SITE_CODES",
    "Ask",
    "Coverage",
    "Headed",
    "RoomLine",
    "Share",
    "Shares",
    "asks",
    "by_place",
    "coverage",
    "movement_questions",
    "parts_questions",
    "people_questions",
    "places_of",
    "protection_questions",
    "retold",
    "rooms",
    "shares_of",
]
