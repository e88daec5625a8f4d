"""Public instances of the team orienteering problem with time windows: reading, solving and an own judge of routes."""

from dataclasses import dataclass
from math import ceil, floor, isfinite, sqrt

import numpy as np

from seta.guide.rules.solver import Problem, Routes, solve, solve_within

NODES_MAX = 5_000
DAYS_MAX = 30
FIELDS_MIN = 7


class InstanceError(ValueError):
    """A file that is not an instance; the text names the line and what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """One line of an instance in the file's own units; a visit begins between ``opens`` and ``closes``."""

    id: int
    x: float
    y: float
    stay: float
    profit: float
    opens: float
    closes: float


@dataclass(frozen=True, kw_only=True)
class Instance:
    """Nodes, the first being start and end of each day; distances have ``decimals`` and are rounded down."""

    nodes: tuple[Node, ...]
    decimals: int

    @property
    def ticks(self) -> int:
        """How many whole steps of time make one unit."""
        return int(10**self.decimals)


@dataclass(frozen=True, kw_only=True)
class Solution:
    """What was collected, by which routes of node ids, and after how many iterations."""

    score: float
    routes: Routes
    iterations: int


def read_instance(text: str, name: str) -> Instance:
    """The instance of a file; ``name`` tells the rounding: two decimals for pr*, one for all others.

    The first line holds the number of nodes besides the first as its third field, the second line is skipped,
    and a node's line is ``i x y d S f a list... O C``. Raises InstanceError.
    """
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) < 3:
        raise InstanceError("the file ends before its first node")
    (_, head), _, *rest = lines
    if len(head) < 3 or not head[2].isdigit():
        raise InstanceError("line 1 must be `k v N t` with a whole number N of nodes")
    count = int(head[2])
    if count > NODES_MAX:
        raise InstanceError(f"{count} nodes are more than {NODES_MAX}")
    if len(rest) < count:
        raise InstanceError(f"line 1 promises {count} nodes besides the start, but there are {len(rest) - 1}")
    nodes = tuple(_node(number, fields) for number, fields in rest[: count + 1])
    if len({node.id for node in nodes}) < len(nodes):
        raise InstanceError("a node's number occurs twice")
    return Instance(nodes=nodes, decimals=2 if name.lower().startswith("pr") else 1)


def solve_instance(
    instance: Instance, *, days: int, seed: int, seconds: float = 1.0, iterations: int | None = None
) -> Solution:
    """Solve by the clock, or for a number of iterations, which gives the same routes every time."""
    if not 1 <= days <= DAYS_MAX:
        raise InstanceError(f"days must be between 1 and {DAYS_MAX}")
    problem = _problem(instance, days)
    if iterations is not None:
        routes, done = solve(problem, seed=seed, iterations=iterations), iterations
    else:
        found = solve_within(problem, seed=seed, seconds=seconds)
        routes, done = found.routes, found.iterations
    collected = sum(instance.nodes[stop].profit for route in routes for stop in route)
    named = [[instance.nodes[stop].id for stop in route] for route in routes]
    return Solution(score=collected, routes=named, iterations=done)


def broken(instance: Instance, solution: Solution, *, days: int) -> list[str]:
    """Everything wrong with a solution, computed from the file's numbers alone; empty when it holds."""
    found, seen, collected = [], set(), 0.0
    by_id = {node.id: node for node in instance.nodes}
    depot = instance.nodes[0]
    if len(solution.routes) > days:
        found.append(f"{len(solution.routes)} routes for {days} days")
    for day, route in enumerate(solution.routes):
        clock, here = ceil(depot.opens * instance.ticks), depot
        for node_id in route:
            node = by_id.get(node_id)
            if node is None or node_id == depot.id or node_id in seen:
                found.append(f"day {day}: node {node_id} is unknown or visited twice")
                continue
            seen.add(node_id)
            clock = max(clock + _way(instance, here, node), ceil(node.opens * instance.ticks))
            if clock > floor(node.closes * instance.ticks + 1e-6):
                found.append(f"day {day}: node {node_id} is reached after it closes")
            clock, here, collected = clock + _stay(instance, node), node, collected + node.profit
        if clock + _way(instance, here, depot) > floor(depot.closes * instance.ticks + 1e-6):
            found.append(f"day {day}: comes back too late")
    if abs(collected - solution.score) > 1e-6:
        found.append(f"the score is {collected}, not {solution.score}")
    return found


def _way(instance: Instance, here: Node, there: Node) -> int:
    return floor(sqrt((here.x - there.x) ** 2 + (here.y - there.y) ** 2) * instance.ticks + 1e-9)


def _stay(instance: Instance, node: Node) -> int:
    return ceil(node.stay * instance.ticks - 1e-6)


def _node(number: int, fields: list[str]) -> Node:
    if len(fields) < FIELDS_MIN:
        raise InstanceError(f"line {number} has {len(fields)} fields; a node has at least {FIELDS_MIN}")
    try:
        values = [float(field) for field in fields]
        node_id = int(fields[0])
    except ValueError as problem:
        raise InstanceError(f"line {number} holds something that is not a number") from problem
    if not all(isfinite(value) for value in values):
        raise InstanceError(f"line {number} holds a number that is not finite")
    _, x, y, stay, profit, *_ = values
    if stay < 0 or profit < 0:
        raise InstanceError(f"line {number}: service time and profit cannot be negative")
    return Node(id=node_id, x=x, y=y, stay=stay, profit=profit, opens=values[-2], closes=values[-1])


def _problem(instance: Instance, days: int) -> Problem:
    """Times in whole ticks, so that no comparison depends on how a fraction is kept."""
    nodes, ticks = instance.nodes, instance.ticks
    points = np.asarray([(node.x, node.y) for node in nodes])
    apart = points[:, None, :] - points[None, :, :]
    travel = np.floor(np.sqrt((apart**2).sum(axis=2)) * ticks + 1e-9)
    opens = np.asarray([ceil(node.opens * ticks) for node in nodes], dtype=float)
    closes = np.asarray([floor(node.closes * ticks + 1e-6) for node in nodes], dtype=float)
    return Problem(
        travel=travel,
        stay=np.asarray([0, *(_stay(instance, node) for node in nodes[1:])], dtype=float),
        profit=np.asarray([0.0, *(node.profit for node in nodes[1:])]),
        group=np.arange(len(nodes)),
        opens=np.tile(opens, (days, 1)),
        last_start=np.tile(closes, (days, 1)),
        day_start=np.full(days, opens[0]),
        day_end=np.full(days, closes[0]),
        required=np.zeros(len(nodes), dtype=bool),
    )
