"""Every kind of statement there is: the closed union and the one table that names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corridor.registers.access import Notification, PassageAnswer, PassageRequest, RoadStatus
from corridor.registers.ceasefire import Ceasefire, Coverage, Handover
from corridor.registers.decisions import (
    Adopted,
    ConvoyReleased,
    Hold,
    PlanApproved,
    Release,
    RoadOutlook,
    RoadTraffic,
)
from corridor.registers.dialogue import (
    AgendaItem,
    AgreedText,
    Assessment,
    Clause,
    Commitment,
    Delegation,
    Deliverable,
    Instrument,
    Performance,
    Position,
    Process,
    Proposal,
    Round,
    RoundCount,
    RoundMerge,
    RoundUnmerge,
)
from corridor.registers.forecasts import IncidentForecast, RoadForecast
from corridor.registers.general import Observation, Setting
from corridor.registers.geography import Organisation, Party, Place, PlaceName, Road
from corridor.registers.incidents import (
    Evidence,
    Incident,
    IncidentMerge,
    IncidentUnmerge,
    Mandate,
    Raised,
    Verification,
)
from corridor.registers.people import Arrival, Departure, Headcount
from corridor.registers.shelter import (
    Feedback,
    Occupancy,
    ServiceGap,
    ServiceLevel,
    ShelterUnit,
    Site,
)
from corridor.registers.supply import Commodity, Consignment, Fleet, NeedRate, Pipeline, StockCount
from corridor.report import Handling, Retraction

Statement = (
    Place | PlaceName | Road | Party | Organisation
    | RoadStatus | Notification | PassageRequest | PassageAnswer
    | Commodity | NeedRate | StockCount | Consignment | Pipeline | Fleet
    | Headcount | Arrival | Departure
    | Site | ShelterUnit | Occupancy | ServiceLevel | ServiceGap | Feedback
    | Ceasefire | Coverage | Handover
    | Incident | Verification | Mandate | Raised | Evidence | IncidentMerge | IncidentUnmerge
    | RoadForecast | IncidentForecast
    | Instrument | Clause | Process | Round | RoundMerge | RoundUnmerge | RoundCount | Delegation
    | AgendaItem | Position | Proposal | AgreedText
    | Commitment | Deliverable | Performance | Assessment
    | Adopted | RoadOutlook | RoadTraffic | PlanApproved | ConvoyReleased | Hold | Release
    | Observation | Setting | Retraction
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of report.

    Attributes
    ----------
    name, statement, register
        The name it is recorded under, its statement class and the register it folds into.
    is_lasting
        Whether a report of it that names no time holds for all times: a description, a rule or a
        decision on what is one and the same, not an event or a count.
    at_least
        The lowest handling of a report that names none; what is told in talks is never public by default.
    """

    name: str
    statement: type[Any]
    register: str
    is_lasting: bool = False
    at_least: Handling = "public"


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("place", Place, "geography", is_lasting=True),
        Kind("place_name", PlaceName, "geography", is_lasting=True),
        Kind("road", Road, "geography", is_lasting=True),
        Kind("party", Party, "geography", is_lasting=True),
        Kind("organisation", Organisation, "geography", is_lasting=True),
        Kind("road_status", RoadStatus, "access"),
        Kind("notification", Notification, "access"),
        Kind("passage_request", PassageRequest, "access"),
        Kind("passage_answer", PassageAnswer, "access"),
        Kind("commodity", Commodity, "supply", is_lasting=True),
        Kind("need_rate", NeedRate, "supply", is_lasting=True),
        Kind("stock_count", StockCount, "supply"),
        Kind("consignment", Consignment, "supply"),
        Kind("pipeline", Pipeline, "supply"),
        Kind("fleet", Fleet, "supply", is_lasting=True),
        Kind("headcount", Headcount, "people"),
        Kind("arrival", Arrival, "people"),
        Kind("departure", Departure, "people"),
        Kind("site", Site, "shelter", is_lasting=True),
        Kind("shelter_unit", ShelterUnit, "shelter", is_lasting=True),
        Kind("occupancy", Occupancy, "shelter"),
        Kind("service_level", ServiceLevel, "shelter"),
        Kind("service_gap", ServiceGap, "shelter"),
        Kind("feedback", Feedback, "shelter"),
        Kind("ceasefire", Ceasefire, "ceasefire", is_lasting=True),
        Kind("incident", Incident, "ceasefire"),
        Kind("verification", Verification, "ceasefire"),
        Kind("coverage", Coverage, "ceasefire"),
        Kind("evidence", Evidence, "ceasefire"),
        Kind("mandate", Mandate, "ceasefire", is_lasting=True),
        Kind("raised", Raised, "ceasefire"),
        Kind("handover", Handover, "ceasefire"),
        Kind("incident_merge", IncidentMerge, "ceasefire", is_lasting=True),
        Kind("incident_unmerge", IncidentUnmerge, "ceasefire", is_lasting=True),
        Kind("road_forecast", RoadForecast, "forecasts"),
        Kind("incident_forecast", IncidentForecast, "forecasts"),
        Kind("instrument", Instrument, "dialogue", is_lasting=True),
        Kind("clause", Clause, "dialogue", is_lasting=True),
        Kind("process", Process, "dialogue", is_lasting=True),
        Kind("round", Round, "dialogue", at_least="restricted"),
        Kind("round_merge", RoundMerge, "dialogue", at_least="restricted", is_lasting=True),
        Kind("round_unmerge", RoundUnmerge, "dialogue", at_least="restricted", is_lasting=True),
        Kind("round_count", RoundCount, "dialogue", at_least="restricted"),
        Kind("delegation", Delegation, "dialogue", at_least="restricted"),
        Kind("agenda_item", AgendaItem, "dialogue", at_least="restricted"),
        Kind("position", Position, "dialogue", at_least="restricted"),
        Kind("proposal", Proposal, "dialogue", at_least="restricted"),
        Kind("agreed_text", AgreedText, "dialogue", at_least="restricted"),
        Kind("commitment", Commitment, "dialogue", at_least="restricted"),
        Kind("deliverable", Deliverable, "dialogue", at_least="partners"),
        Kind("performance", Performance, "dialogue", at_least="restricted"),
        Kind("assessment", Assessment, "dialogue", at_least="restricted"),
        Kind("adopted", Adopted, "decisions"),
        Kind("road_outlook", RoadOutlook, "decisions", is_lasting=True),
        Kind("road_traffic", RoadTraffic, "decisions", is_lasting=True),
        Kind("plan_approved", PlanApproved, "decisions"),
        Kind("convoy_released", ConvoyReleased, "decisions"),
        Kind("hold", Hold, "decisions"),
        Kind("release", Release, "decisions"),
        Kind("observation", Observation, "any"),
        Kind("setting", Setting, "any", is_lasting=True),
        Kind("retraction", Retraction, "any"),
    )
}
KIND_OF: Mapping[type[Any], str] = {kind.statement: kind.name for kind in KINDS.values()}
LASTING = frozenset(kind.statement for kind in KINDS.values() if kind.is_lasting)
