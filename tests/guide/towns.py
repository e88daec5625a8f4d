"""Towns to be visited, made up in the format and the manner of the public instances."""

from random import Random

KINDS = ("clustered", "random", "mixed")


def town(kind: str, *, nodes: int, wide: bool, seed: int) -> str:
    """A file of `nodes` stops around a start; windows last most of the day when `wide`, else a small part of it."""
    random = Random(f"{kind}-{nodes}-{wide}-{seed}")
    day = 1000 if wide else 240
    stay = 90 if kind == "clustered" and wide else 10
    centres = [(random.uniform(10, 90), random.uniform(10, 90)) for _ in range(8)]
    lines = [f"1 1 {nodes} 1", "0 0", f"0 50 50 0 0 0 0 0 {day}"]
    for number in range(1, nodes + 1):
        near = kind == "clustered" or (kind == "mixed" and number % 2)
        x, y = random.choice(centres) if near else (random.uniform(0, 100), random.uniform(0, 100))
        if near:
            x, y = random.gauss(x, 5), random.gauss(y, 5)
        width = random.randint(day // 8, day // 2) if wide else random.randint(10, 60)
        middle = random.uniform(20, day - 40)
        opens, closes = max(0, int(middle - width / 2)), min(day - 20, int(middle + width / 2))
        profit = random.randint(1, 5) * 10 if kind == "clustered" else random.randint(1, 40)
        lines.append(f"{number} {x:.2f} {y:.2f} {stay} {profit} 1 1 1 {opens} {max(opens, closes)}")
    return "\n".join(lines) + "\n"
