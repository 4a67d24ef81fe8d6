# SPDX-License-Identifier: GPL-2.0-or-later
"""The spread of a figure."""

import statistics


def _quantile(ordered, part):
    """The nearest-rank quantile."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def of(values):
    """{median, mean, p10, p90, p99, min, max, n} of the values; {} of none."""
    ordered = sorted(values)
    if not ordered:
        return {}
    parts = {"min": 0, "p10": 0.1, "p90": 0.9, "p99": 0.99, "max": 1}
    found = {name: round(_quantile(ordered, part), 3) for name, part in parts.items()}
    median = round(statistics.median(ordered), 3)
    mean = round(statistics.fmean(ordered), 3)
    return {**found, "median": median, "mean": mean, "n": len(ordered)}
