"""The chance that each road is open on each of the next days, as a value planning and watch both know.

``from corridor.hazards import hazards, Hazards``
"""

from corridor.hazards.announced import Decided
from corridor.hazards.build import hazards
from corridor.hazards.chances import Hazards, Interval, Method, RoadHazard
from corridor.hazards.document import document
from corridor.hazards.history import statuses_on
from corridor.hazards.joint import JointChain, futures, joint
from corridor.hazards.pressure import Near, Pressure
from corridor.hazards.rates import FEWEST_CHANGES, POOLED_DAYS
from corridor.hazards.worlds import sampled, with_longer_closures

__all__ = [
    "FEWEST_CHANGES",
    "POOLED_DAYS",
    "Decided",
    "Hazards",
    "Interval",
    "JointChain",
    "Method",
    "Near",
    "Pressure",
    "RoadHazard",
    "document",
    "futures",
    "hazards",
    "joint",
    "sampled",
    "statuses_on",
    "with_longer_closures",
]
