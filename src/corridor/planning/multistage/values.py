"""What training has learnt: the pools of cuts and the rows that add them up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.planning.multistage.cuts import Cuts, Pool
from corridor.planning.multistage.graph import PolicyGraph
from corridor.planning.multistage.outlook import Form, Outlook, chances, noise_after, outlook
from corridor.planning.solver import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """Cuts by pool and risk rows by node, as arrays that can be kept and sent.

    Attributes
    ----------
    cuts
        All cuts of each pool.
    kept
        Numbers of those that the programs hold, by pool.
    risk_rows
        Risk weights found, by node, (rows, Q).
    """

    form: Form
    cuts: tuple[Cuts, ...]
    kept: tuple[Ints, ...]
    risk_rows: tuple[Floats, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Find:
    """One cut found in a backward pass: of which pool, where, how high and how steep."""

    pool: int
    value: float
    gradient: Floats
    state: Floats


class Values:
    """Pools and risk rows that grow while training runs."""

    __slots__ = ("graph", "outlook", "pools", "risk_rows")

    def __init__(self, graph: PolicyGraph, form: Form) -> None:
        self.graph = graph
        self.outlook: Outlook = outlook(graph, form)
        self.pools = [Pool(graph.initial.size) for _ in range(self.outlook.lower.size)]
        self.risk_rows: list[list[Floats]] = [
            [weight] if has_rows else []
            for weight, has_rows in zip(
                self.outlook.weight, self.outlook.has_risk_rows, strict=True
            )
        ]

    def learn(
        self, node: int, state: Floats, value: Floats, gradient: Floats
    ) -> tuple[list[Find], list[tuple[int, Floats]]]:
        """Take up what the outcomes after a node told about the functions at a state.

        Parameters
        ----------
        value, gradient
            Least cost of each outcome that may follow and its slope, (K,) and (K, S), in the
            order of `chances`.

        Returns
        -------
        list
            What was new: cuts, and risk rows by node.
        """
        graph, layout = self.graph, self.outlook
        found: list[Find] = []
        rows: list[tuple[int, Floats]] = []
        if layout.form == "single":
            counts, noise = noise_after(graph, node)
            for like in layout.alike[node]:
                chance = np.repeat(graph.chance[like], counts) * noise
                weight = graph.risk[like].weights(chance, value)
                found.append(Find(like, float(weight @ value), weight @ gradient, state))
        elif layout.form == "child":
            first = 0
            for child in graph.children[node]:
                weight = graph.programs[child].noise.probability
                part = slice(first, first + weight.size)
                first += weight.size
                found.append(
                    Find(int(child), float(weight @ value[part]), weight @ gradient[part], state)
                )
        else:
            found = [
                Find(int(pool), float(value[k]), gradient[k], state)
                for k, pool in enumerate(layout.reads[node])
            ]
            for like in layout.alike[node] if layout.has_risk_rows[node] else ():
                weight = graph.risk[like].weights(chances(graph, like), value)
                if self.add_row(like, weight):
                    rows.append((like, weight))
        return [find for find in found if self.add(find)], rows

    def foreseen(self, node: int, state: Floats) -> Floats:
        """What the cuts say that each child costs beyond its limit, (children,); alike if `single`."""
        children, layout = self.graph.children[node], self.outlook
        if layout.form == "single":
            return np.ones(children.size)
        beyond = np.array(
            [
                max(self.pools[pool].highest(state) - layout.lower[pool], 0.0)
                for pool in layout.reads[node]
            ]
        )
        if layout.form == "child":
            return beyond
        counts, noise = noise_after(self.graph, node)
        owner = np.repeat(np.arange(children.size), counts)
        mean: Floats = np.zeros(children.size)
        np.add.at(mean, owner, beyond * noise)
        return mean

    def add(self, find: Find) -> bool:
        """Take up one cut, unless it is no higher than those there are."""
        return self.pools[find.pool].add(find.value, find.gradient, find.state)

    def add_row(self, node: int, weight: Floats) -> bool:
        """Take up one row of risk weights, unless there is one like it."""
        if any(np.abs(weight - known).max() < 1e-12 for known in self.risk_rows[node]):
            return False
        self.risk_rows[node].append(weight)
        return True

    def select(self) -> None:
        """Drop the cuts that no visited state needs."""
        for pool in self.pools:
            pool.select()

    def learnt(self) -> Learnt:
        """Return all of it as arrays."""
        return Learnt(
            form=self.outlook.form,
            cuts=tuple(
                Cuts(cuts.gradient.copy(), cuts.intercept.copy())
                for cuts in (pool.cuts(slice(None)) for pool in self.pools)
            ),
            kept=tuple(np.array(pool.kept, dtype=np.int64) for pool in self.pools),
            risk_rows=tuple(np.array(rows) for rows in self.risk_rows),
        )
