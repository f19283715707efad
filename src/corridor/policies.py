"""Policies trained so far: the last one in memory, and what it learnt in a file beside the ledger.

A cache: a policy taken from it is the same to the byte as one trained anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corridor.ledger import Compartments
from corridor.ledger.beside import forget_beside, read_beside, write_beside
from corridor.picture import Picture

if TYPE_CHECKING:
    from corridor.planning import Aims, Engine, Policy, Problem
    from corridor.report import Handling

# Ending of the file that keeps what was learnt for the last plan.
_POLICY = "policy"


class Policies:
    """What engines found, kept for the next who asks.

    Parameters
    ----------
    ledgers
        Beside which the file is kept; one that is out of date is removed at once.
    engine
        How plans are found unless told otherwise; by default as the operation's setting says, and where
        none was recorded by what futures of the roads teach.
    """

    def __init__(self, ledgers: Compartments, engine: Engine | None) -> None:
        self._ledgers = ledgers
        self._engine = engine
        self._last: dict[tuple[Any, ...], Policy] = {}
        forget_beside(ledgers, _POLICY)

    def policy(
        self, view: Picture, aims: Aims, engine: Engine | None, problem: Callable[[], Problem]
    ) -> Policy:
        """Return what an engine finds for a picture's problem, which is only made where it is needed.

        Raises
        ------
        PlanningError
            The problem has faults, or the engine cannot answer.
        """
        from corridor.planning import Multistage, Rolling, train
        from corridor.planning.relief.named import engine_named

        engine = engine or self._engine
        engine = engine or engine_named(view.settings.engine, aims, Multistage())
        key = (view.digest, view.at, view.known_at, view.clearance, aims, engine)
        if key not in self._last:
            asked = problem()
            if asked.chain is None:
                engine = Rolling()
            elif isinstance(engine, Multistage):
                kept = read_beside(self._ledgers, view.clearance, _POLICY)
                engine = replace(engine, kept=kept)
            self._last = {key: train(asked, engine)}
            self._keep(self._last[key], engine, view.clearance)
        return self._last[key]

    def _keep(self, policy: Policy, engine: Engine, clearance: Handling) -> None:
        """Keep what was learnt for the next command, unless it came from there."""
        from corridor.planning import Multistage
        from corridor.planning.relief.kept import write_kept
        from corridor.planning.relief.trained import Learnt

        trained = policy.trained
        if isinstance(engine, Multistage) and trained and isinstance(trained.way, Learnt):
            learnt = write_kept(trained, trained.way)
            if learnt != engine.kept:
                write_beside(self._ledgers, clearance, _POLICY, learnt)
