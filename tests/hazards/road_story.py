"""Stories about one road whose passage somebody grants."""

from __future__ import annotations

from typing import Any

from corridor.hazards.history import RoadHistory, history_of
from corridor.values import PlaceCode, ReportId, RoadCode
from stories import Story, at, day


class RoadStory(Story):
    """A story with one road whose passage the north grants."""

    def __init__(self) -> None:
        super().__init__()
        self.land()
        self.say("road", road="pass", start="hub", end="town", distance_km=40, drive_h=2,
                 granted_by="north")  # fmt: skip

    def status(self, status: str, when: str, claimant: str = "agency", **more: Any) -> ReportId:
        """Say what the road is on a day, or from one to another ("3/5")."""
        days = "/".join(f"2030-05-{int(number):02}" for number in when.split("/"))
        return self.say(
            "road_status",
            claimant,
            road="pass",
            status=status,
            observed=days,
            learned=at(1),
            **more,
        )

    def history(self, number: int = 12, towards: str = "town") -> RoadHistory:
        return history_of(self.picture(day(number, 12)), RoadCode("pass"), PlaceCode(towards))

    def passage(self, code: str, number: int, answer: str, by: str = "north", **more: Any) -> None:
        """Ask for a passage on a day, on the second of May, and answer it."""
        self.say("passage_request", request=code, road="pass", towards="town", asked_of=by,
                 carrier="agency", window_from=at(number, 6), window_until=at(number, 18),
                 learned=at(2))  # fmt: skip
        self.say("passage_answer", by, request=code, answer=answer, learned=at(3), **more)
