"""Every way to decide that a plan can follow, by the name under which it is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from corridor.planning.aims import Aims
from corridor.planning.policy import Engine
from corridor.planning.relief.engine import Guided, Multistage
from corridor.planning.relief.outlooks import Expected, Fan, Persisting, ScenarioTree
from corridor.planning.relief.push import push_everything, push_most_urgent_first
from corridor.planning.relief.rolling import LookAhead
from corridor.planning.relief.rules import Rule
from corridor.planning.relief.ways import Way
from corridor.registers.general import EngineName

# Days after today that a rolling plan looks at.
_AHEAD = 8


def ways(aims: Aims) -> Mapping[EngineName, Way]:
    """Return the ways that need no training, by name, from the plainest to the most careful."""
    return {
        "push": Rule("push everything", push_everything),
        "push_urgent": Rule("push, most urgent first", push_most_urgent_first),
        "persists": LookAhead("rolling, today persists", Persisting(), _AHEAD),
        "expected": LookAhead("rolling, expected roads", Expected(), _AHEAD),
        "share": LookAhead("rolling, a share of them", Expected(aims.later_road_share), _AHEAD),
        "fan": LookAhead("rolling fan", Fan(10, 1), _AHEAD),
        "tree": LookAhead("rolling tree", ScenarioTree((2,), 1), _AHEAD),
    }


def engine_named(name: EngineName, aims: Aims, multistage: Multistage) -> Engine:
    """Return the engine of a name; `multistage` itself where it is the one meant."""
    return multistage if name == "multistage" else Guided(ways(aims)[name])
