#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The demo, from inside the lab: lab/demo calls it, on a kernel of its choice.

    topology   the network                 probes     measures it
    routers    the daemons on it           records    what was seen, as values
    scenario   what is done to them        history    all of it, and questions
    tale       what it means, in words     measures   the numbers
    screen     what one sees meanwhile     report     table and JSON
                                           timeline   the picture (SVG)

Two processes: this one acts and tells, the one of `probes` measures.
"""

import argparse
import os
import pathlib
import sys

import measures
import probes
import report
import routers
import scenario
import screen
import timeline
import topology
from history import History


def arguments():
    """The options; lab/demo checked those of the user."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--screen", metavar="COLUMNSxROWS", help="draw a picture")
    parser.add_argument("--bold", action="store_true", help="losses are bold")
    parser.add_argument("--vip-device", metavar="KIND", help="no dummy: make these")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--svg", type=pathlib.Path, metavar="FILE")
    return parser.parse_args()


def choose_screen(size):
    """A Picture if there is room for one."""
    if size:
        columns, rows = (int(number) for number in size.split("x"))
        if columns >= 80 and rows >= 24:
            return screen.Picture(columns, rows)
    return screen.Lines()


def run(stage):
    """Plays the demo; returns the sentence of what went wrong, or None."""
    try:
        scenario.prepare(stage)
        scenario.play(stage)
    except routers.Failure as failure:
        return str(failure)
    finally:
        for router in stage.routers.values():
            router.stop()
        stage.probes.stop()
        stage.screen.close()
    return None


def write(options, history):
    """The numbers go to stdout, and to the files that were asked for."""
    rows = measures.measure_all(history)
    if rows:
        print("\n" + "\n".join(report.table(rows, options.bold)))
        standstills = [
            (event.name, measures.standstill_ms(history, event))
            for event in history.events
        ]
        print("".join(f"{line}\n" for line in report.busy_machine(standstills)))
    if options.json:
        options.json.write_text(report.to_json(rows))
    if options.svg and rows:
        options.svg.write_text(timeline.draw(history, rows))


def give_way():
    """The telling gives way to what is told, if children can be spared that."""
    try:
        os.nice(-1)
    except PermissionError:
        return
    os.nice(1)
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def main():
    """Returns the exit status."""
    options = arguments()
    topology.build(options.vip_device)
    history = History()
    watch = probes.Probes()
    give_way()
    stage = scenario.Stage(watch, history, choose_screen(options.screen))
    wrong = run(stage)
    write(options, history)
    if wrong:
        print(f"demo: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
