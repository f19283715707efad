"""Sites against what is asked of them, rooms and who is in them, and what counts of people leave open."""

from corridor.shelter.coverage import Ask, Coverage, Headed, asks, coverage
from corridor.shelter.questions import people_questions, protection_questions, retold
from corridor.shelter.rooms import RoomLine, rooms

__all__ = [
    "Ask",
    "Coverage",
    "Headed",
    "RoomLine",
    "asks",
    "coverage",
    "people_questions",
    "protection_questions",
    "retold",
    "rooms",
]
