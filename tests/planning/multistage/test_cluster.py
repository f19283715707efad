"""Training on a Dask cluster: two workers, each a process of its own, on this machine."""

from __future__ import annotations

import numpy as np
from distributed import Client, LocalCluster

from corridor.planning.multistage import (
    Iterations,
    Training,
    policy_bytes,
    sample_paths,
    simulate,
    train,
)
from planning.multistage import models


def test_a_cluster_gives_the_same_policy_and_simulation_as_one_process() -> None:
    graph = models.two_corridors(True)
    how = Training(tasks=2, passes=2, select_every=3)
    paths = sample_paths(graph, 300, seed=8)
    alone = train(graph, [Iterations(8)], seed=3, training=how)
    expected = simulate(alone, paths)
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        executor = client.get_executor(pure=False)
        policy = train(graph, [Iterations(8)], seed=3, training=how, executor=executor)
        found = simulate(policy, paths, executor=executor)
    assert policy_bytes(policy) == policy_bytes(alone)
    assert np.array_equal(found.stage_value, expected.stage_value)
