"""Convoy planning: what must go where, over roads that may close.

The steps, in order, each with its own type::

    problem(picture, aims, hazards) -> Problem   named arrays, the one place where decimals become floats
    train(problem, engine) -> Policy         what to do, as a value that can be asked again
    plan(policy)           -> Plan           convoys, what stays unmet, what it costs
    check(plan, problem)   -> tuple[Breach]  every limit verified again, without the solver
    sheets(plan, problem)  -> tuple[Sheet]   go / no-go, one page a convoy
    changes(policy)        -> tuple[Change]  what one more vehicle, tonne or open day would change
    worths(policy)         -> tuple[Worth]   what one more of each is worth, day by day
    compare(policy)        -> Compared       what a planner could do instead, on the same futures

Types come from here; the functions that share a name with a module come from it
(``from corridor.planning.plan import plan``), so that no name hides a module.
"""

from corridor.planning.aims import Aims
from corridor.planning.breach import Breach
from corridor.planning.convoys import Convoy, Load
from corridor.planning.document import document as plan_document
from corridor.planning.plan import Plan
from corridor.planning.policy import Engine, Policy, Rolling, train
from corridor.planning.problem import Problem
from corridor.planning.relief.engine import Multistage
from corridor.planning.sheet import Sheet, sheets

__all__ = [
    "Aims",
    "Breach",
    "Convoy",
    "Engine",
    "Load",
    "Multistage",
    "Plan",
    "Policy",
    "Problem",
    "Rolling",
    "Sheet",
    "plan_document",
    "sheets",
    "train",
]
