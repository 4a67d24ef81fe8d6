# SPDX-License-Identifier: GPL-2.0-or-later
"""What is measured beside vrrpd and is no daemon of FRR: one process for each router, with children."""

import os
import signal

PATIENCE_SEC = 60


class Foreign:
    """Its processes by router; who inherits has start()."""

    def __init__(self):
        self.running, self.processes = {}, {}

    def end(self, router, number):
        """Ends it by a signal; SIGKILL goes to its children as well."""
        ended = self.processes.pop(router)
        if number == signal.SIGKILL:
            os.killpg(ended.pid, number)
        else:
            ended.send_signal(number)
        ended.wait(PATIENCE_SEC)

    def forget(self, router):
        """It went with its host."""
        self.processes.pop(router).wait(PATIENCE_SEC)

    def restart(self, router):
        """As an upgrade of the package does."""
        self.end(router, signal.SIGTERM)
        self.start(router)

    def close(self):
        """Ends those that run."""
        for router in list(self.processes):
            self.end(router, signal.SIGKILL)
