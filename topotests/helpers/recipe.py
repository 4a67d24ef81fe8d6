# SPDX-License-Identifier: GPL-2.0-or-later
"""
The blocks of doc/user/recipes.md, so that a test does what the guide says.

They are found by their heading and what they are marked as.
"""
import os
import re

RECIPES = os.path.join(os.path.dirname(__file__), "../../doc/user/recipes.md")


def configuration(heading):
    """The lines of each block marked frr under a heading, in order."""
    return _blocks(heading, "frr")


def commands(heading):
    """The shell commands of each block marked console under a heading, in order."""
    return [
        [line.removeprefix("# ") for line in block]
        for block in _blocks(heading, "console")
    ]


def rules(heading):
    """The text of each block marked nft under a heading, in order."""
    return ["\n".join(block) for block in _blocks(heading, "nft")]


def _blocks(heading, mark):
    found = re.findall(
        rf"^```{mark}\n(.*?)^```$", _section(heading), re.MULTILINE | re.DOTALL
    )
    assert found, f"doc/user/recipes.md: no block {mark} under '{heading}'"
    return [block.splitlines() for block in found]


def _section(heading):
    with open(RECIPES, encoding="utf-8") as file:
        parts = re.split(r"^## (.*)\n", file.read(), flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2]))
    assert heading in sections, f"doc/user/recipes.md: there is no '{heading}'"
    return sections[heading]
