# SPDX-License-Identifier: GPL-2.0-or-later
"""
Sequences of events at two routers, r1 and r2: made at random, written and read as text.

A text has words with blanks between: an event ("kill:r1", or "cut", which is of no router), or the
seconds until the next ("0.02"). "rest" is the end of a sequence, where everything that was done is
undone and the routers are judged; "end" is that of both routers. So what happened to a pair in its life is
one text.
"""
import random

ROUTERS = ("r1", "r2")
REST, END = "rest", "end"
# How often each is chosen, beside the others; and what may follow it soon, since it undoes it.
EVENTS = {
    "stop": (3, "start"),
    "kill": (5, "start"),
    "guardian": (3, None),
    "both": (3, "start"),
    "freeze": (3, "thaw"),
    "zebra": (4, "zebra-start"),
    "restart": (3, "start"),
    "shutdown": (2, "no-shutdown"),
    "remove": (1, "add"),
    "lower": (2, "raise"),
    "raise": (2, "lower"),
    "switchover": (3, "switchover"),
    "drain": (3, "no-drain"),
    "vip-down": (2, "vip-up"),
    "vip-delete": (2, "vip-make"),
    "drain-link-delete": (1, None),
    "cut": (3, "mend"),
    "no-preempt": (1, "preempt"),
    "startup-hold": (1, None),
    "start": (2, None),
}
OF_NO_ROUTER = ("cut", "mend")
ALL = set(EVENTS) | {undone for _, undone in EVENTS.values() if undone}
# beyond the lease of every shape (router.py)
LONG_SEC = (4.2, 6.0)


def made(seed, number):
    """A sequence as a list of words, always the same for a seed and a number."""
    rng = random.Random(f"{seed} {number}")
    words = []
    for _ in range(rng.choice((1, 2, 2, 3, 3, 4, 5, 6))):
        words += _some(rng)
    return words + [REST]


def _some(rng):
    """An event, often what undoes it, and pauses."""
    name = rng.choices(list(EVENTS), [weight for weight, _ in EVENTS.values()])[0]
    router = rng.choice(ROUTERS)
    words = [_word(name, router), _pause(rng)]
    undo = EVENTS[name][1]
    if name == "freeze" and rng.random() < 0.2:
        words[-1] = _seconds(rng.uniform(*LONG_SEC))
    if undo and rng.random() < 0.55:
        if undo == name:
            router = next(other for other in ROUTERS if other != router)
        words += [_word(undo, router), _pause(rng)]
    return words


def _word(name, router):
    return name if name in OF_NO_ROUTER else f"{name}:{router}"


def _pause(rng):
    """Mostly short: what follows comes before the first is over."""
    roll = rng.random()
    if roll < 0.25:
        return _seconds(rng.uniform(0, 0.02))
    if roll < 0.6:
        return _seconds(rng.uniform(0.02, 0.3))
    if roll < 0.92:
        return _seconds(rng.uniform(0.3, 1.5))
    return _seconds(rng.uniform(1.5, 4))


def _seconds(value):
    return f"{value:.3f}"


def read(text):
    """The words of a text that somebody typed; it ends with a rest."""
    words = text.split()
    for word in words:
        name, _, router = word.partition(":")
        if is_pause(word) or word in (REST, END):
            continue
        known = name in ALL and (name in OF_NO_ROUTER) == (not router)
        if not known or (router and router not in ROUTERS):
            raise ValueError(f"'{word}' is no event; events are: {', '.join(sorted(ALL))}")
    return words if words and words[-1] in (REST, END) else [*words, REST]


def is_pause(word):
    """Is it a number of seconds?"""
    return word.replace(".", "", 1).isdigit()
