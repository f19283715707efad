"""Statements of any subject: observations not modelled yet, and the operation's settings."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Literal, get_args

from corridor.fields import Check, told
from corridor.report import HANDLINGS, Handling, Report
from corridor.standards.shelter import SHELTER_FIGURES, Chosen, Service, chosen
from corridor.values import (
    Area,
    CommodityCode,
    Finding,
    PlaceCode,
    Quantity,
    ReportId,
    RoadCode,
    named,
)

LoadsAhead = Literal["no", "returns", "waits"]
LOADS_AHEAD: tuple[LoadsAhead, ...] = ("no", "returns", "waits")
EngineName = Literal[
    "multistage", "tree", "fan", "share", "expected", "persists", "push", "push_urgent"
]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)
SettingName = Literal[
    "time_zone",
    "order_of_names",
    "default_handling",
    "road_status_expires_h",
    "stock_stale_days",
    "headcount_stale_days",
    "double_count_days",
    "public_delay_h",
    "stated_end_factor",
    "independent_claimants",
    "area",
    "verification_late_days",
    "shelter_figures",
    "shelter_goods",
    "feedback_overdue_days",
    "incident_near_km",
    "incident_recent_days",
    "engine",
    "loads_ahead",
]


@dataclass(frozen=True, slots=True)
class Observation:
    """Something worth keeping that has no kind of its own yet: a figure, an indicator, a line."""

    indicator: str = told("What it is about, in a word or two.", example="journey-time")
    place: PlaceCode | None = told("Where.", default=None)
    road: RoadCode | None = told("On which road.", default=None)
    quantity: Quantity | None = told(
        "The figure, where there is one.", default=None, example="20 h"
    )
    text: str = told("What was said, in your own words.", default="")
    retells: ReportId | None = told(
        "The report whose figure this one passes on, where it names its source.", default=None
    )
    retold_as: str = told(
        "What the figure has become in the retelling, where that is another thing.", default=""
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule of this operation, recorded so that a picture depends on the ledger alone."""

    name: SettingName = told("Which rule.")
    value: str = told("Its value.", example="Asia/Yerevan")
    reason: str = told("Why.", default="")

    CHECKS: ClassVar[tuple[Check, ...]] = (
        Check(
            ("value", "name"),
            lambda value, name: SETTINGS[name].accepts(value),
            "is not a value this setting can have (see `corridor kinds setting`)",
        ),
    )


@dataclass(frozen=True, slots=True)
class SettingRule:
    """A setting's meaning, its value where nobody recorded one, and how a value is read."""

    help: str
    default: str
    read: Callable[[str], Any]

    def accepts(self, value: str) -> bool:
        """Tell whether a text is a value of this setting."""
        try:
            self.read(value)
        except ValueError:
            return False
        return True


def _amount(text: str) -> Decimal:
    # Decimal() alone takes exponents, underscores and the digits of other scripts.
    if re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,9})?", text) is None:
        raise ValueError(text)
    return Decimal(text)


def _zone(text: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(text)
    except (KeyError, OSError):
        # OSError, because "Europe" is a folder among the files of zones.
        raise ValueError(text) from None


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _groups(text: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(_names(group)) for group in text.split(";") if group.strip())


def _goods(text: str) -> tuple[tuple[Service, CommodityCode, Decimal], ...]:
    found: list[tuple[Service, CommodityCode, Decimal]] = []
    for piece in filter(None, (part.strip() for part in text.split(";"))):
        match = re.fullmatch(r"([a-z_]+)=([A-Za-z0-9][A-Za-z0-9._-]{0,63})\s+(\S+)", piece)
        figure = SHELTER_FIGURES.get(match[1]) if match else None
        if match is None or figure is None or figure.service != match[1] or not _amount(match[3]):
            raise ValueError(text)
        found.append((figure.service, CommodityCode(match[2]), _amount(match[3])))
    return tuple(found)


def _engine(text: str) -> EngineName:
    return ENGINES[ENGINES.index(text)]


def _loads_ahead(text: str) -> LoadsAhead:
    return LOADS_AHEAD[LOADS_AHEAD.index(text)]


def _handling(text: str) -> Handling:
    return HANDLINGS[HANDLINGS.index(text)]


def _area(text: str) -> Area | None:
    if not text:
        return None
    degrees = [_signed(part.strip()) for part in text.split(",")]
    if len(degrees) != 4:
        raise ValueError(text)
    south, west, north, east = degrees
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        raise ValueError(text)
    return Area(south, west, north, east)


def _signed(text: str) -> Decimal:
    return -_amount(text[1:]) if text.startswith("-") else _amount(text)


SETTINGS: dict[str, SettingRule] = {
    "time_zone": SettingRule("Time zone in which a day begins and ends.", "UTC", _zone),
    "order_of_names": SettingRule(
        "Codes of parties and claimants in the order in which they are shown; others follow.",
        "",
        _names,
    ),
    "default_handling": SettingRule(
        "Handling of a report that names none.", "restricted", _handling
    ),
    "road_status_expires_h": SettingRule(
        "Hours a road status holds when it names no end.", "48", _amount
    ),
    "stock_stale_days": SettingRule("Days after which a stock count is called old.", "3", _amount),
    "headcount_stale_days": SettingRule(
        "Days after which a headcount is called old.", "7", _amount
    ),
    "double_count_days": SettingRule(
        "Days within which two announcements may be one cargo.", "2", _amount
    ),
    "public_delay_h": SettingRule(
        "Hours before a completed delivery may stand in a public brief.", "48", _amount
    ),
    "stated_end_factor": SettingRule(
        "Share of the one end stated ('up to 700') taken where planning needs a number.",
        "1",
        _amount,
    ),
    "independent_claimants": SettingRule(
        "Groups of claimants declared independent of each other: a,b; c,d.", "", _groups
    ),
    "area": SettingRule(
        "Where the operation is, in degrees: south, west, north, east. Coordinates outside it are "
        "refused.",
        "",
        _area,
    ),
    "verification_late_days": SettingRule(
        "Days after an incident from which its verification is called late.", "14", _amount
    ),
    "shelter_figures": SettingRule(
        "Minimums for sites in place of the usual ones: toilet=toilet_at_first; water=12.",
        "",
        chosen,
    ),
    "shelter_goods": SettingRule(
        "Goods asked of the supply desk for a gap, and how much of the service one unit of them "
        "gives: covered_floor=tent 17.5; soap=soap-box 10.",
        "",
        _goods,
    ),
    "feedback_overdue_days": SettingRule(
        "Days after which a feedback ticket without an answer is overdue.", "30", _amount
    ),
    "incident_near_km": SettingRule(
        "Kilometres from a road within which a corroborated incident bears on it.", "25", _amount
    ),
    "incident_recent_days": SettingRule(
        "Days after a corroborated incident near a road on which it is reckoned to close sooner.",
        "14",
        _amount,
    ),
    "engine": SettingRule(
        "How convoys are planned unless told otherwise: what costs least in `corridor compare` "
        "(multistage, tree, fan, share, expected, persists, push, push_urgent).",
        "multistage",
        _engine,
    ),
    "loads_ahead": SettingRule(
        "Whether vehicles are loaded the day before they leave: no; or yes, and what does not pass "
        "returns to the store or waits on its vehicles (returns, waits).",
        "no",
        _loads_ahead,
    ),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The operation's rules at a moment; see `SETTINGS` for what each means."""

    time_zone: zoneinfo.ZoneInfo
    order_of_names: tuple[str, ...]
    default_handling: Handling
    road_status_expires_h: Decimal
    stock_stale_days: Decimal
    headcount_stale_days: Decimal
    double_count_days: Decimal
    public_delay_h: Decimal
    stated_end_factor: Decimal
    independent_claimants: tuple[frozenset[str], ...]
    area: Area | None
    verification_late_days: Decimal
    shelter_figures: Chosen
    shelter_goods: tuple[tuple[Service, CommodityCode, Decimal], ...]
    feedback_overdue_days: Decimal
    incident_near_km: Decimal
    incident_recent_days: Decimal
    engine: EngineName
    loads_ahead: LoadsAhead
    sources: tuple[tuple[str, ReportId], ...] = field(default=())

    def place_in_order(self, code: str) -> tuple[int, str]:
        """Sort key of a code: its place in the declared order, then the code itself."""
        order = self.order_of_names
        return (order.index(code) if code in order else len(order), code)


@dataclass(frozen=True, slots=True)
class General:
    """Settings in force and observations that stand."""

    settings: Settings
    observations: Sequence[Report[Observation]]
    findings: tuple[Finding, ...]


def fold(reports: Iterable[Report[Any]]) -> General:
    """Fold standing reports, in order of claims; the last setting of a name holds."""
    values = {name: rule.default for name, rule in SETTINGS.items()}
    sources: dict[str, ReportId] = {}
    observations: list[Report[Observation]] = []
    findings: list[Finding] = []
    for report in reports:
        if report.speech_act == "denied":
            continue
        match report.statement:
            case Setting() as setting if not SETTINGS[setting.name].accepts(setting.value):
                findings.append(_not_understood(report))
            case Setting() as setting:
                if setting.name in sources and values[setting.name] != setting.value:
                    findings.append(_changed(report, values[setting.name]))
                values[setting.name] = setting.value
                sources[setting.name] = report.id
            case Observation():
                observations.append(report)
    read = {name: rule.read(values[name]) for name, rule in SETTINGS.items()}
    settings = Settings(**read, sources=tuple(sorted(sources.items())))
    return General(settings, tuple(observations), tuple(findings))


def _not_understood(report: Report[Setting]) -> Finding:
    return Finding(
        "setting_not_understood",
        "act",
        report.statement.name,
        f"{named(report.claimant)} set {report.statement.name} to '{report.statement.value}', "
        "which is not a value it can have; the value before holds.",
        basis=(report.id,),
    )


def _changed(report: Report[Setting], before: str) -> Finding:
    return Finding(
        "setting_changed",
        "note",
        report.statement.name,
        f"{named(report.claimant)} changed the setting {report.statement.name} from '{before}' "
        f"to '{report.statement.value}'.",
        basis=(report.id,),
    )
