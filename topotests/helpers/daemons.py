# SPDX-License-Identifier: GPL-2.0-or-later
"""Real servers of DNS and SMTP, in the namespace of a machine: they run, stand still, and end."""
import os
import shlex

from helpers.wait import wait_for

UNBOUND = """
server:
	directory: "{at}"
	chroot: ""
	username: ""
	pidfile: ""
	use-syslog: no
	logfile: "{at}/unbound.log"
	do-daemonize: no
	interface: 0.0.0.0
	interface: ::0
	access-control: 0.0.0.0/0 allow
	access-control: ::/0 allow
	module-config: "iterator"
	local-zone: "example.com." static
	local-data: "www.example.com. A 192.0.2.80"
	local-data: "example.com. MX 10 mail.example.com."
	local-zone: "refused.example." always_refuse
remote-control:
	control-enable: no
"""

# Two more ports, of servers that do not want to be asked.
SMTPD = """
filter "no-one" phase connect match src {{ "192.0.2.0/24" }} disconnect "554 not here"
filter "no-name" phase ehlo match src {{ "192.0.2.0/24" }} reject "550 not you"
listen on {v4} port 25 hostname mail.example.com
listen on {v6} port 25 hostname mail.example.com
listen on {v4} port 2525 hostname mail.example.com filter "no-one"
listen on {v4} port 2526 hostname mail.example.com filter "no-name"
match from any for any reject
"""


class Server:
    """A program that stays in the foreground, and all that it starts."""

    def __init__(self, machine, command, listens):
        self._machine, self._command, self._listens = machine, command, listens
        self._pid = None

    def start(self):
        """Returns when it listens."""
        log = f"{self._machine.log_directory}/{os.path.basename(self._command.split()[0])}.out"
        said = f"{self._command} >{log} 2>&1 </dev/null & echo $!"
        self._pid = int(self._machine.must_run(said))
        wait_for(f"{self._command} listens", self._lacking)

    def _lacking(self):
        listening = self._machine.must_run("ss -Hln --tcp --udp")
        lacking = [one for one in self._listens if one not in listening]
        return f"{lacking} of {listening}" if lacking else None

    def _signal(self, signal):
        """To all of its processes."""
        self._machine.must_run(f"kill -{signal} {self._pid} $(pgrep -P {self._pid} || true)")

    def stand_still(self):
        """It answers nobody, but the kernel does for it."""
        self._signal("STOP")

    def go_on(self):
        """As before."""
        self._signal("CONT")

    def stop(self):
        """Returns when it has gone."""
        if self._pid is None:
            return
        self._machine.run(f"kill -KILL {self._pid} $(pgrep -P {self._pid})")
        pid, self._pid = self._pid, None
        gone = f"test -e /proc/{pid} && echo there || true"
        wait_for("it is gone", lambda: self._machine.must_run(gone).strip() or None)


def unbound(machine):
    """Knows www.example.com and the mail servers of example.com; refuses all of refused.example."""
    at = machine.log_directory
    with open(f"{at}/unbound.conf", "w", encoding="ascii") as file:
        file.write(UNBOUND.format(at=at))
    return Server(machine, f"unbound -c {shlex.quote(at)}/unbound.conf", (":53 ",))


def smtpd(machine, addresses):
    """
    A mail server on port 25 of the addresses, {family: address}; on 2525 of IPv4 it takes nobody, and on 2526
    nobody's name.
    """
    at = machine.log_directory
    with open(f"{at}/smtpd.conf", "w", encoding="ascii") as file:
        file.write(SMTPD.format(**addresses))
    machine.must_run("test -e /etc/mailname || echo mail.example.com >/etc/mailname")
    listens = (":25 ", ":2525 ", ":2526 ")
    return Server(machine, f"smtpd -d -f {shlex.quote(at)}/smtpd.conf", listens)
