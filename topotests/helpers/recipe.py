# SPDX-License-Identifier: GPL-2.0-or-later
"""
The blocks of README.md and doc/user/recipes.md, so that a test does what the guide says.

They are found by their heading and what they are marked as. What is there "From FRR 10.5 on" is
left out where FRR is older.
"""
import os
import re
import subprocess
from collections import namedtuple

ROOT = os.path.join(os.path.dirname(__file__), "../..")
RECIPES, README = "doc/user/recipes.md", "README.md"
CONVERTED = "doc/user/converted.md"

# A recipe that is complete for both routers, by their names: shell commands as root, frr.conf; and
# the seconds within which both must be up.
Complete = namedtuple("Complete", "commands configuration seconds")
ROUTERS = ("r1", "r2")


def configuration(heading):
    """The lines of each block marked frr under a heading, in order."""
    return _blocks(heading, "frr")


def addition(heading, whose="both"):
    """The lines of the block marked frr WHOSE: to be added to what that has, as text."""
    return printed(heading, f"frr {whose}")


def commands(heading, document=RECIPES):
    """The shell commands of each block marked console under a heading, in order."""
    return [
        [line.removeprefix("# ") for line in block]
        for block in _blocks(heading, "console", document)
    ]


def printed(heading, mark, document=RECIPES):
    """The text of the one block of that mark under a heading."""
    [block] = _blocks(heading, mark, document)
    return "\n".join(block) + "\n"


def rules(heading):
    """The text of each block marked nft under a heading, in order."""
    return ["\n".join(block) for block in _blocks(heading, "nft")]


def complete(heading, document=RECIPES):
    """A configuration that is printed whole: a Complete."""
    section = _section(heading, document)
    commands, latest = {}, []
    for mark, text in re.findall(
        r"^```(console|frr r\d)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL
    ):
        if mark == "console":
            latest = [line.removeprefix("# ") for line in text.splitlines()]
        else:
            commands[mark[4:]] = latest
    seconds = re.search(r"within (\d+) seconds", section)
    assert seconds, f"{document}: '{heading}' does not say within how many seconds"
    found = {name: _blocks(heading, f"frr {name}", document) for name in ROUTERS}
    return Complete(
        commands,
        {name: "\n".join(block) + "\n" for name, [block] in found.items()},
        int(seconds[1]),
    )


def headings(document):
    """Those under which there is something for both routers."""
    return [
        heading
        for heading, text in _sections(document).items()
        if all(re.search(rf"^```frr {name}$", text, re.MULTILINE) for name in ROUTERS)
        and _since(text) <= frr_release()
    ]


def frr_release():
    """Of the FRR that is installed: (10, 3)."""
    said = subprocess.run(["/usr/lib/frr/zebra", "--version"], capture_output=True, text=True, check=True)
    return _release(said.stdout)


def _since(section):
    found = re.search(r"From FRR [\d.]+ on", section)
    return _release(found[0]) if found else (0, 0)


def _release(text):
    return tuple(map(int, re.search(r"(\d+)\.(\d+)", text).groups()))


def _blocks(heading, mark, document=RECIPES):
    found = re.findall(
        rf"^```{mark}\n(.*?)^```$",
        _section(heading, document),
        re.MULTILINE | re.DOTALL,
    )
    assert found, f"{document}: no block {mark} under '{heading}'"
    return [block.splitlines() for block in found]


def _section(heading, document):
    sections = _sections(document)
    assert heading in sections, f"{document}: there is no '{heading}'"
    return sections[heading]


def _sections(document):
    with open(os.path.join(ROOT, document), encoding="utf-8") as file:
        parts = re.split(r"^## (.*)\n", file.read(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))
