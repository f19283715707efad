"""Rations, water, payloads and densities, each with who publishes it; and the code lists used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure: its value, unit and citation."""

    name: str
    value: Decimal
    unit: str
    citation: str


FIGURES: Mapping[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure(
            "general_ration_g_pd",
            Decimal(555),
            "g per person and day",
            "WFP food basket; UNHCR/WFP 2,100 kcal",
        ),
        Figure(
            "energy_kcal_pd",
            Decimal(2100),
            "kcal per person and day",
            "UNHCR/WFP; Sphere Handbook 2018",
        ),
        Figure("water_l_pd", Decimal(15), "l per person and day", "Sphere Handbook 2018"),
        Figure("payload_light_truck_t", Decimal("3.5"), "t", "Logistics Operational Guide"),
        Figure("payload_2_axles_t", Decimal(12), "t", "Logistics Operational Guide"),
        Figure("payload_3_axles_t", Decimal(18), "t", "Logistics Operational Guide"),
        Figure("payload_4_axles_t", Decimal(25), "t", "Logistics Operational Guide"),
        Figure("petrol_kg_l", Decimal("0.745"), "kg/l at 15 C (0.720-0.775)", "EN 228"),
        Figure("diesel_kg_l", Decimal("0.835"), "kg/l at 15 C (0.820-0.845)", "EN 590"),
    )
}

# OCHA, types of access constraint; what a code presumes about "the country" stays its claimant's.
ACCESS_CONSTRAINTS: Mapping[int, str] = {
    1: "denial of needs or of entitlements",
    2: "movement into the country restricted",
    3: "movement within the country restricted",
    4: "interference in relief activities",
    5: "violence against relief workers or goods",
    6: "hostilities",
    7: "mines and explosive remnants",
    8: "physical environment",
    9: "people kept from services",
}

# UNSDI-T version 2, current practicability: the heaviest vehicle that passes.
VEHICLE_CLASSES: Mapping[int, str] = {
    1: "on foot or with animals",
    2: "motorbike",
    3: "4WD under 3.5 t",
    4: "light truck under 10 t",
    5: "heavy truck under 20 t",
    6: "truck and trailer over 20 t",
}

# UNSDI-T version 2, road security category.
ROAD_SECURITY: Mapping[str, str] = {
    "A": "low risk",
    "B": "low to medium risk",
    "C": "medium to high risk",
    "D": "high risk",
    "E": "critical risk",
}
