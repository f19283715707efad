"""Figures of the field with their citation: tables, not code."""

from corridor.standards.figures import (
    ACCESS_CONSTRAINTS,
    FIGURES,
    ROAD_SECURITY,
    VEHICLE_CLASSES,
    Figure,
)

__all__ = ["ACCESS_CONSTRAINTS", "FIGURES", "ROAD_SECURITY", "VEHICLE_CLASSES", "Figure"]
