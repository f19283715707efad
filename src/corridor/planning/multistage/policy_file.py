"""A policy as bytes: its cuts, its bound, and the digest of the problem they belong to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson

from corridor.errors import PlanningError
from corridor.planning.multistage.cuts import Cuts
from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.multistage.outlook import outlook
from corridor.planning.multistage.passes import Programs, root_cost
from corridor.planning.multistage.policy import Policy, restored
from corridor.planning.multistage.values import Learnt

_FORMAT = "corridor policy 1"


def policy_bytes(policy: Policy) -> bytes:
    """Write a policy as JSON; the same policy gives the same bytes."""
    learnt = policy.learnt
    return orjson.dumps(
        {
            "format": _FORMAT,
            "problem": policy.graph.digest,
            "start": policy.graph.start_digest(),
            "form": learnt.form,
            "bound": policy.bound,
            "bounds": policy.bounds,
            "stopped": policy.stopped,
            "programs": policy.programs,
            "resolved": policy.resolved,
            "seed": policy.seed,
            "pools": [
                {"gradient": cuts.gradient, "intercept": cuts.intercept, "kept": kept}
                for cuts, kept in zip(learnt.cuts, learnt.kept, strict=True)
            ],
            "risk_rows": learnt.risk_rows,
        },
        option=orjson.OPT_SERIALIZE_NUMPY,
    )


def policy_from_bytes(text: bytes, graph: PolicyGraph) -> Policy:
    """Read a policy of a problem.

    From another first node or state the cuts hold as well; the bound is then computed anew.

    Raises
    ------
    PlanningError
        When it is no policy file, or belongs to another problem.
    """
    try:
        told = orjson.loads(text)
    except orjson.JSONDecodeError as failed:
        raise PlanningError(f"policy file: it cannot be read as JSON ({failed})") from failed
    if not isinstance(told, dict) or told.get("format") != _FORMAT:
        raise PlanningError(f"policy file: its format is not '{_FORMAT}'")
    if told["problem"] != graph.digest:
        raise PlanningError(
            f"policy file: it belongs to the problem {told['problem'][:16]}, this one is "
            f"{graph.digest[:16]}; train anew"
        )
    states = graph.initial.size
    learnt = Learnt(
        form=told["form"],
        cuts=tuple(
            Cuts(
                np.array(pool["gradient"], dtype=np.float64).reshape(-1, states),
                np.array(pool["intercept"], dtype=np.float64),
            )
            for pool in told["pools"]
        ),
        kept=tuple(np.array(pool["kept"], dtype=np.int64) for pool in told["pools"]),
        risk_rows=tuple(np.array(rows, dtype=np.float64) for rows in told["risk_rows"]),
    )
    if len(learnt.cuts) != outlook(graph, learnt.form).lower.size:
        raise PlanningError("policy file: it holds another number of pools than the problem")
    bound = float(told["bound"])
    bounds = np.array(told["bounds"], dtype=np.float64)
    if told["start"] != graph.start_digest():
        bound = graph.sign * root_cost(Programs(restored(graph, learnt)))
        bounds = np.array([bound])
    return Policy(
        graph=graph,
        learnt=learnt,
        bound=bound,
        bounds=bounds,
        stopped=told["stopped"],
        programs=told["programs"],
        resolved=told["resolved"],
        seed=told["seed"],
    )


def save_policy(policy: Policy, path: Path) -> None:
    """Write a policy file."""
    path.write_bytes(policy_bytes(policy))


def load_policy(path: Path, graph: PolicyGraph) -> Policy:
    """Read a policy file.

    Raises
    ------
    PlanningError
        When it is no policy file, or belongs to another problem.
    """
    return policy_from_bytes(path.read_bytes(), graph)
