"""Figures of the field with their citation: tables, not code."""

from corridor.standards.figures import (
    ACCESS_CONSTRAINTS,
    FIGURES,
    ROAD_SECURITY,
    VEHICLE_CLASSES,
    Figure,
)
from corridor.standards.shelter import SHELTER_FIGURES, ShelterFigure
from corridor.standards.topics import TOPICS, TOPICS_CITATION, Topic

__all__ = [
    "ACCESS_CONSTRAINTS",
    "FIGURES",
    "ROAD_SECURITY",
    "SHELTER_FIGURES",
    "TOPICS",
    "TOPICS_CITATION",
    "VEHICLE_CLASSES",
    "Figure",
    "ShelterFigure",
    "Topic",
]
