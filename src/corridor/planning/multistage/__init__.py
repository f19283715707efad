"""A general solver for decisions in stages under uncertainty: stochastic dual dynamic programming.

A policy graph of linear stage programs goes in, a policy comes out, with a bound that no policy
can beat. Nothing here knows of roads or relief.
"""

from corridor.planning.multistage.cuts import Cuts
from corridor.planning.multistage.estimate import Estimate
from corridor.planning.multistage.graph import PolicyGraph, Staged, linear_graph, markov_graph
from corridor.planning.multistage.inner import inner_bound
from corridor.planning.multistage.policy import Decision, Policy, decide
from corridor.planning.multistage.policy_file import (
    Kept,
    kept_bytes,
    load_policy,
    policy_bytes,
    policy_from_bytes,
    policy_kept,
    save_policy,
)
from corridor.planning.multistage.risk import Expectation, RiskMeasure, TailMixture, WorstCase
from corridor.planning.multistage.sampling import (
    ByCost,
    Forced,
    InSample,
    Paths,
    Sampling,
    sample_paths,
)
from corridor.planning.multistage.scaling import Scaling, Spread
from corridor.planning.multistage.simulation import Simulation, simulate
from corridor.planning.multistage.stage import Noise, StageProgram
from corridor.planning.multistage.stopping import Gap, Iterations, Progress, StoppingRule, Time
from corridor.planning.multistage.training import Training, train

__all__ = [
    "ByCost",
    "Cuts",
    "Decision",
    "Estimate",
    "Expectation",
    "Forced",
    "Gap",
    "InSample",
    "Iterations",
    "Kept",
    "Noise",
    "Paths",
    "Policy",
    "PolicyGraph",
    "Progress",
    "RiskMeasure",
    "Sampling",
    "Scaling",
    "Simulation",
    "Spread",
    "StageProgram",
    "Staged",
    "StoppingRule",
    "TailMixture",
    "Time",
    "Training",
    "WorstCase",
    "decide",
    "inner_bound",
    "kept_bytes",
    "linear_graph",
    "load_policy",
    "markov_graph",
    "policy_bytes",
    "policy_from_bytes",
    "policy_kept",
    "sample_paths",
    "save_policy",
    "simulate",
    "train",
]
