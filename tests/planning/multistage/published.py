"""Programs of other solvers' examples; their optima are asserted there. Figures only, own code.

All from SDDP.jl (github.com/odow/SDDP.jl), folder docs/src/examples unless said otherwise.
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from corridor.planning.multistage import (
    PolicyGraph,
    RiskMeasure,
    StageProgram,
    linear_graph,
    markov_graph,
)
from planning.multistage.stages import INF, Stage


def fast_hydro_thermal() -> PolicyGraph:
    """FAST_hydro_thermal.jl, after FAST (Cambier & Scieur): 10."""

    def stage(rain: tuple[float, ...]) -> StageProgram:
        made = Stage()
        made.state("x", 0, 8)
        made.column("y")
        made.column("p", cost=5)
        made.row({"p": 1, "y": 1}, lower=6)
        made.row({"x": 1, "x<": -1, "y": 1}, name="water")
        share = (1 / len(rain),) * len(rain)
        return made.build(share, rows={"water": [(-INF, r) for r in rain]})

    return linear_graph([stage((6.0,)), stage((2.0, 10.0))], initial=np.zeros(1), limit=0)


def fast_quickstart() -> PolicyGraph:
    """FAST_quickstart.jl, after FAST (Cambier & Scieur): -2."""
    first, second = Stage(), Stage()
    first.state("x", cost=1)
    second.state("x")
    second.column("s", cost=-2)
    second.row({"s": 1, "x<": -1}, upper=0)
    sold = second.build((0.5, 0.5), columns={"s": [(0.0, 2.0), (0.0, 3.0)]})
    return linear_graph([first.build(), sold], initial=np.zeros(1), limit=-10)


def fast_production() -> PolicyGraph:
    """FAST_production_management.jl, after FAST (Cambier & Scieur): -23.96."""

    def stage(first: bool) -> StageProgram:
        made = Stage()
        for k, (cost, price) in enumerate(((0.2, 2.33), (0.7, 2.54))):
            made.state(f"x{k}", cost=cost)
            made.column(f"s{k}", cost=-price)
            made.row({f"s{k}": 1, f"x{k}<": -1}, upper=0)
        made.row({"s0": 1, "s1": 1}, upper=0, name="demand")
        if first:
            return made.build()
        return made.build((0.5, 0.5), rows={"demand": [(-INF, 2.0), (-INF, 10.0)]})

    return linear_graph([stage(n == 0) for n in range(3)], initial=np.zeros(2), limit=-60)


def multistock() -> PolicyGraph:
    """StochDynamicProgramming.jl_multistock.jl: -4.349 to 0.01."""

    def stage(number: int) -> StageProgram:
        made = Stage()
        for k in range(3):
            made.state(f"stock{k}", 0, 1)
            made.column(f"u{k}", 0, 0.5, cost=math.sin(3 * number) - 1)
            made.row({f"stock{k}": 1, f"stock{k}<": -1, f"u{k}": -1}, equal=0, name=f"r{k}")
        made.row({f"u{k}": 1 for k in range(3)}, upper=1.5)
        drawn = list(itertools.product((0.0, 0.15, 0.3), repeat=3))
        return made.build(
            (1 / 27,) * 27, rows={f"r{k}": [-each[k] for each in drawn] for k in range(3)}
        )

    return linear_graph([stage(n) for n in range(1, 6)], initial=np.full(3, 0.5), limit=-20)


def stock() -> PolicyGraph:
    """StochDynamicProgramming.jl_stock.jl: -1.471 to 0.001."""

    def stage(number: int) -> StageProgram:
        made = Stage()
        made.state("x", 0, 1)
        made.column("u", 0, 0.5, cost=math.sin(3 * number) - 1)
        made.row({"x": 1, "x<": -1, "u": 1}, equal=0, name="r")
        return made.build((1 / 10,) * 10, rows={"r": [k / 30 for k in range(10)]})

    return linear_graph([stage(n) for n in range(1, 6)], initial=np.full(1, 0.5), limit=-5)


def investment(stages: int, penalty: float) -> PolicyGraph:
    """StructDualDynProg.jl_prob5.2: 340315.52 (2 stages), 406712.49 (3 stages)."""
    invest, use = (16, 5, 32, 2), (25, 80, 6.5, 160)
    hours = (1.0, 7000 / 8760, 1500 / 8760)
    demand = ((3919, 3410, 2986), (7086, 1918, 2165))

    def stage(number: int) -> StageProgram:
        made = Stage()
        for i, cost in enumerate(invest):
            made.state(f"x{i}")
            made.column(f"v{i}", 0, 0.0 if number == stages else INF, cost=cost)
            made.row({f"x{i}": 1, f"x{i}<": -1, f"v{i}": -1}, equal=0)
            for j in range(3):
                made.column(f"y{i}{j}", cost=use[i] * hours[j])
            made.row({**{f"y{i}{j}": 1 for j in range(3)}, f"x{i}<": -1}, upper=0)
        made.column("penalty", cost=penalty)
        for j in range(3):
            made.row({**{f"y{i}{j}": 1 for i in range(4)}, "penalty": 1}, lower=0, name=f"d{j}")
        if number == 1:
            return made.build()
        rows = {f"d{j}": [(float(d[j]), INF) for d in demand] for j in range(3)}
        return made.build((0.9, 0.1), rows=rows)

    return linear_graph([stage(n + 1) for n in range(stages)], initial=np.zeros(4), limit=0)


def infinite_trivial() -> PolicyGraph:
    """infinite_horizon_trivial.jl: 2 a week, discount 0.9, so 20."""
    made = Stage()
    made.state("x", -INF, INF)
    made.row({"x": 1, "x<": -1}, equal=0)
    made.offset = 2.0
    return PolicyGraph(
        programs=(made.build(),),
        transition=np.ones((1, 1)),
        root=np.ones(1),
        initial=np.zeros(1),
        limit=np.zeros(1),
        discount=0.9,
    )


def infinite_hydro_thermal() -> PolicyGraph:
    """infinite_horizon_hydro_thermal.jl: 119.167 to 0.1."""
    made = Stage()
    made.state("reservoir", 5, 15)
    made.column("thermal", cost=1)
    made.column("hydro")
    made.column("spill", cost=10)
    made.row({"reservoir": 1, "reservoir<": -1, "hydro": 1, "spill": 1}, equal=0, name="water")
    made.row({"hydro": 1, "thermal": 1}, equal=0, name="demand")
    week = made.build((1 / 3,) * 3, rows={"water": [0.0, 5.0, 10.0], "demand": [7.5, 5.0, 2.5]})
    return PolicyGraph(
        programs=(week,),
        transition=np.ones((1, 1)),
        root=np.ones(1),
        initial=np.array([10.0]),
        limit=np.zeros(1),
        discount=0.9,
    )


def mccardle_farm() -> PolicyGraph:
    """agriculture_mccardle_farm.jl, after McCardle (2009): 4074.1391."""
    feed = ((0, 1, 2), (0, 0, 1), (0, 0, 0))
    days, demand = (60, 60, 245), (210, 210, 858)
    crop = ((30, 75, 37.5), (15, 37.5, 18.25), (7.5, 18.75, 9.325))
    price, buy = (4.5, 5.5, 6.5), (5, 6, 7)

    def stage(number: int, weather: int) -> StageProgram:
        made = Stage()
        made.state("acres", 0, 60)
        for c in range(3):
            made.state(f"bales{c}")
        made.row({"acres": 1, "acres<": -1}, upper=0)
        if number == 1:
            for c in range(3):
                made.row({f"bales{c}": 1, f"bales{c}<": -1}, equal=0)
            return made.build()
        now = number - 2
        made.cost[made.names["acres<"]] = 50
        for c in range(3):
            made.cost[made.names[f"bales{c}<"]] = 0.05 * days[now]
            made.column(f"buy{c}", cost=buy[c])
            made.column(f"sell{c}", cost=-price[c])
            made.column(f"eat{c}", cost=feed[c][now])
            made.column(f"plus{c}", cost=1000)
            made.column(f"minus{c}", cost=1000)
            made.row({f"sell{c}": 1, f"bales{c}<": -1}, upper=0)
            grown = {"acres<": -crop[c][weather]} if c == now else {}
            terms = {f"bales{c}": 1, f"bales{c}<": -1, f"buy{c}": -1, f"eat{c}": 1}
            made.row({**terms, f"sell{c}": 1, f"plus{c}": -1, f"minus{c}": 1, **grown}, equal=0)
        made.row({f"eat{c}": 1 for c in range(3)}, lower=demand[now])
        made.row({f"bales{c}": 1 for c in range(3)}, upper=3000)
        made.row({f"sell{c}": 1 for c in range(3)}, upper=3000)
        return made.build()

    chance = np.array([[0.14, 0.69, 0.17]])
    return markov_graph(
        [[stage(1, 0)], *([stage(n, w) for w in range(3)] for n in (2, 3, 4))],
        [np.ones((1, 1)), chance, np.tile(chance, (3, 1)), np.tile(chance, (3, 1))],
        initial=np.array([60.0, 0.0, 0.0, 0.0]),
        limit=-1e6,
    )


def hydro_valley(
    *, inflows: bool, prices: bool, risk: RiskMeasure | None = None, flipped: bool = False
) -> PolicyGraph:
    """hydro_valley.jl: 835.0, 838.33, 851.8, 855.0; risk averse 828.157 and -780.867."""
    flow, power = (50, 60, 70), (55, 65, 70)
    by_state = ((1, 2), (2, 1), (3, 4))
    sign = -1.0 if flipped else 1.0

    def stage(number: int, state: int) -> StageProgram:
        price = by_state[number - 1][state if prices else 0]
        made = Stage()
        for r in range(2):
            made.state(f"level{r}", 0, 200)
            for part in ("out", "in"):
                made.column(f"{part}{r}")
            made.column(f"spill{r}", cost=-1000 * sign)
            for k in range(3):
                made.column(f"d{r}{k}", 0, 1, cost=sign * price * power[k])
        for r in range(2):
            above = {"out0": -1, "spill0": -1} if r else {}
            terms = {f"level{r}": 1, f"level{r}<": -1, f"in{r}": -1, f"out{r}": 1}
            made.row({**terms, f"spill{r}": 1, **above}, equal=0)
            made.row({f"out{r}": 1, **{f"d{r}{k}": -flow[k] for k in range(3)}}, equal=0)
            made.row({f"d{r}{k}": 1 for k in range(3)}, upper=1)
            made.row({f"in{r}": 1}, upper=0, name=f"rain{r}")
        if inflows and number > 1:
            rain = ((0.0, 20.0, 50.0), (0.0, 0.0, 20.0))
            rows = {f"rain{r}": [(-INF, fall) for fall in rain[r]] for r in range(2)}
            return made.build((1 / 3,) * 3, rows=rows)
        return made.build()

    states = 2 if prices else 1
    steps = (
        [np.ones((1, 1)), np.array([[0.6, 0.4]]), np.array([[0.6, 0.4], [0.3, 0.7]])]
        if prices
        else [np.ones((1, 1))] * 3
    )
    return markov_graph(
        [[stage(1, 0)], *([stage(n, s) for s in range(states)] for n in (2, 3))],
        steps,
        initial=np.full(2, 200.0),
        limit=-1e4 if flipped else 1e4,
        sense="minimise" if flipped else "maximise",
        risk=risk,
    )


def newsvendor() -> PolicyGraph:
    """examples/newsvendor.jl (commit 5e1b434): -97.9 to 0.001."""
    demand = ((10.0, 15.0), (12.0, 20.0), (8.0, 20.0))

    def stage(number: int, cost: float) -> StageProgram:
        made = Stage()
        made.state("stock", 0, 100)
        made.column("buy", cost=cost)
        made.column("sell", cost=-7)
        made.row({"stock": 1, "stock<": -1, "buy": -1, "sell": 1}, equal=0)
        sold = [(d / 2, d) for d in demand[number]]
        return made.build((0.5, 0.5), columns={"sell": sold})

    return markov_graph(
        [[stage(0, 5)], *([stage(n, 5), stage(n, 8)] for n in (1, 2))],
        [np.ones((1, 1)), np.array([[0.6, 0.4]]), np.array([[0.3, 0.7], [0.3, 0.7]])],
        initial=np.array([5.0]),
        limit=-1000,
    )
