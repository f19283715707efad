"""A policy as bytes: its cuts, its bound, and the digest of the problem they belong to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson

from corridor.errors import PlanningError
from corridor.planning.multistage.cuts import Cuts
from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.multistage.outlook import outlook
from corridor.planning.multistage.passes import Programs, root_cost
from corridor.planning.multistage.policy import Policy, restored
from corridor.planning.multistage.reuse import Footprint, footprint, holding, still_holding
from corridor.planning.multistage.values import Learnt
from corridor.planning.solver import Floats

_FORMAT = "corridor policy 1"
_KEPT = "corridor kept policy 1"


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
    learnt = _learnt(told, graph.initial.size)
    if len(learnt.cuts) != outlook(graph, learnt.form).lower.size:
        raise PlanningError("policy file: it holds another number of pools than the problem")
    bound = float(told["bound"])
    bounds = np.array(told["bounds"], dtype=np.float64)
    if told["start"] != graph.start_digest():
        bound = graph.sign * root_cost(Programs(restored(graph, learnt)))
        bounds = np.array([bound])
    return replace(_policy(told, graph, learnt, bound), bounds=bounds)


def kept_bytes(policy: Policy) -> bytes:
    """Write a policy with what its cuts rest on, so that another problem may take over what holds."""
    rests_on = footprint(policy.graph)
    matrices = {id(matrix): matrix for matrix in rests_on.matrix}
    number = {key: place for place, key in enumerate(matrices)}
    head = {
        "format": _KEPT,
        "program": rests_on.program,
        "matrices": list(matrices.values()),
        "matrix": [number[id(matrix)] for matrix in rests_on.matrix],
    }
    return orjson.dumps(head, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n" + policy_bytes(policy)


class Kept(NamedTuple):
    """What of a kept policy holds in a problem.

    Attributes
    ----------
    policy
        Its cuts where they hold, on the problem's graph. Its bound is that of its own problem.
    share
        By what the cuts of each node were multiplied to hold, (N,); see `holding`.
    is_same
        Whether it belongs to this very problem, start included, and is as it was.
    """

    policy: Policy
    share: Floats
    is_same: bool


def policy_kept(text: bytes, graph: PolicyGraph) -> Kept | None:
    """Read a kept policy as far as it holds in a problem; None where it is none, or nothing holds."""
    head, _, body = text.partition(b"\n")
    try:
        rests_on, told = orjson.loads(head), orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if rests_on.get("format") != _KEPT or told.get("format") != _FORMAT:
        return None
    learnt = _learnt(told, graph.initial.size)
    size = len(graph.programs)
    if told["problem"] == graph.digest:
        is_same = told["start"] == graph.start_digest()
        policy = _policy(told, graph, learnt, float(told["bound"]))
        return Kept(policy, np.ones(size), is_same)
    if learnt.form != "child" or {cuts.gradient.shape[1] for cuts in learnt.cuts} != {
        graph.initial.size
    }:
        return None
    matrices = [np.array(matrix, dtype=np.float64) for matrix in rests_on["matrices"]]
    before = Footprint(
        tuple(rests_on["program"]), tuple(matrices[number] for number in rests_on["matrix"])
    )
    share = holding(before, graph)
    if not share.any():
        return None
    learnt = still_holding(learnt, share)
    return Kept(_policy(told, graph, learnt, float(told["bound"])), share, is_same=False)


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


def _learnt(told: dict[str, Any], states: int) -> Learnt:
    return Learnt(
        form=told["form"],
        cuts=tuple(
            Cuts(
                np.array(pool["gradient"], dtype=np.float64).reshape(
                    len(pool["intercept"]), -1 if pool["intercept"] else states
                ),
                np.array(pool["intercept"], dtype=np.float64),
            )
            for pool in told["pools"]
        ),
        kept=tuple(np.array(pool["kept"], dtype=np.int64) for pool in told["pools"]),
        risk_rows=tuple(np.array(rows, dtype=np.float64) for rows in told["risk_rows"]),
    )


def _policy(told: dict[str, Any], graph: PolicyGraph, learnt: Learnt, bound: float) -> Policy:
    return Policy(
        graph=graph,
        learnt=learnt,
        bound=bound,
        bounds=np.array(told["bounds"], dtype=np.float64),
        stopped=told["stopped"],
        programs=told["programs"],
        resolved=told["resolved"],
        seed=told["seed"],
    )
