# SPDX-License-Identifier: GPL-2.0-or-later
"""
What vtysh_commands_test.sh checks, run by FRR's clippy.

Both vtysh binaries carry the text of their commands.  A stock text that ours
has not word for word may still be understood (a wider range, one more keyword),
so every way to type it is typed in ours.  That takes daemons to talk to: here
they are sockets that answer every line with success and remember it, which
needs no root and no FRR, and shows to which daemon a line went.
"""

import os
import pty
import re
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time

import clippy
from xrelfo import Xrelfo

VTYSH = os.environ["VTYSH"]
STOCK = os.environ["STOCK_VTYSH"]
MODULES = os.path.join(os.environ["FRR_LIBDIR"], "modules")

# Commands of modules that Debian packs apart: nothing answers to them unless
# the package is there, and only then can our vtysh have learned them.
APART = {
    "bgpd_rpki.so": re.compile(r"\brpki\b"),
    "bgpd_snmp.so": re.compile(r"\bsnmp\b"),
}

# A word for each kind of token.
SAMPLES = {
    "IPV4_TKN": ["192.0.2.1"],
    "IPV4_PREFIX_TKN": ["192.0.2.0/24"],
    "IPV6_TKN": ["2001:db8::1"],
    "IPV6_PREFIX_TKN": ["2001:db8::/64"],
    "MAC_TKN": ["02:00:00:00:00:01"],
    "VARIABLE_TKN": ["word"],
}

# The commands that enter the nodes in which a missing command is tried.
NODES = [[], ["configure terminal"], ["configure terminal", "interface eth0"]]

failures = 0


def fail(text):
    global failures
    failures += 1
    print("FAIL: " + text)


def commands(binary):
    """normalized text of every command in a binary -> (text, help)"""
    xrefs = Xrelfo()
    xrefs.load_file(binary)
    found = {}
    for origins in xrefs["cli"].values():
        for spec in origins.values():
            if "string" in spec:
                text = re.sub(r"\s+", " ", spec["string"].strip())
                text = re.sub(r"\$[a-z][a-z0-9_]*", "", text)
                found[text] = (spec["string"], spec["doc"])
    return found


def spellings(command):
    """the lines that a command stands for, one value or two for each variable"""

    def walk(node, words, seen):
        if node.type == "END_TKN":
            yield " ".join(words)
            return
        if node.type == "WORD_TKN":
            choices = [node.text]
        elif node.type == "RANGE_TKN":
            choices = [str(node.min), str(node.max)]
        else:
            choices = SAMPLES.get(node.type, [None])
        # {a|b} leads back into itself: once round is enough
        for following in node.next():
            if following.idx in seen:
                continue
            for choice in choices:
                yield from walk(
                    following,
                    words + ([choice] if choice else []),
                    seen | {following.idx},
                )

    graph = clippy.Graph(*command)
    return sorted(set(walk(graph.first(), [], frozenset())))


class Daemon(threading.Thread):
    """A daemon for vtysh's eyes."""

    def __init__(self, folder, name):
        super().__init__(daemon=True)
        self.lines = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(os.path.join(folder, name + ".vty"))
        self.listener.listen()

    def run(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=[client], daemon=True).start()

    def serve(self, client):
        pending = b""
        while data := client.recv(4096):
            *lines, pending = (pending + data).split(b"\0")
            for line in lines:
                self.lines.append(line.decode())
                # three zeroes end the output, the fourth is CMD_SUCCESS
                client.sendall(b"\0\0\0\0")


def vtysh(folder, *lines):
    args = [VTYSH, "--vty_socket", folder, "--config_dir", folder]
    for line in lines:
        args += ["-c", line]
    done = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30)
    return done.returncode, done.stdout.decode()


def understands(folder, line):
    for way in NODES:
        status, output = vtysh(folder, *way, line)
        if status == 0 and not output.startswith("%"):
            return True
    return False


class Terminal:
    """An interactive vtysh, for keys such as TAB."""

    def __init__(self, folder):
        pid, self.fd = pty.fork()
        if pid == 0:
            os.environ["TERM"] = "dumb"
            os.execv(VTYSH, [VTYSH, "--vty_socket", folder, "--config_dir", folder])
        self.pid = pid
        self.seen = ""
        self.expect(r"# $")

    def expect(self, pattern):
        end = time.monotonic() + 10
        while not re.search(pattern, self.seen):
            ready, _, _ = select.select([self.fd], [], [], max(0, end - time.monotonic()))
            if not ready:
                return None
            try:
                self.seen += os.read(self.fd, 4096).decode(errors="replace")
            except OSError:
                return None
        seen, self.seen = self.seen, ""
        return seen

    def press(self, keys, pattern):
        os.write(self.fd, keys.encode())
        return self.expect(pattern)

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def check_stock_commands(folder):
    stock, ours = commands(STOCK), commands(VTYSH)
    if len(stock) < 1000:
        fail("only %d commands read from %s" % (len(stock), STOCK))

    missing = {text: stock[text] for text in stock.keys() - ours.keys()}
    for module, pattern in APART.items():
        if os.path.exists(os.path.join(MODULES, module)):
            continue
        apart = {text for text in missing if pattern.search(text)}
        if apart:
            print("note: %d commands of %s left out, it is not installed" % (len(apart), module))
        for text in apart:
            del missing[text]

    typed = 0
    for text, command in sorted(missing.items()):
        lines = spellings(command)
        typed += len(lines)
        refused = [line for line in lines if not understands(folder, line)]
        if refused:
            fail("stock command missing: %s (refused: %s)" % (text, refused[0]))
    print(
        "%d stock commands, %d ours; %d reworded ones typed in %d ways"
        % (len(stock), len(ours), len(missing), typed)
    )
    if os.path.realpath(STOCK) != os.path.realpath(VTYSH) and ours.keys() <= stock.keys():
        fail("%s has no command of its own" % VTYSH)


def check_key_chains(folder, vrrpd):
    lines = ["key chain secret", "key 1", "key-string word"]
    vtysh(folder, "configure terminal", *lines)
    for line in lines:
        if line not in vrrpd.lines:
            fail("'%s' was not sent to vrrpd" % line)


def check_services(folder, vrrpd):
    lines = [
        "ipvs service web tcp 203.0.113.10 80",
        "ipvs service web check http / status 200 match all is well",
        "no ipvs service web check http / status 200 match all is well",
    ]
    vtysh(folder, "configure terminal", *lines)
    for line in lines:
        if line not in vrrpd.lines:
            fail("'%s' was not sent to vrrpd" % line)


def check_completion(folder):
    terminal = Terminal(folder)
    terminal.press("configure terminal\n", r"\(config\)# $")
    if not terminal.press("ipvs service web sch\t", r"ipvs service web scheduler"):
        fail("TAB does not complete 'ipvs service web sch' to 'scheduler'")
    terminal.press("\x15", r"")
    terminal.press("interface eth0\n", r"\(config-if\)# $")
    if not terminal.press("vrrp 5 pe?", r"(?m)^\s+peer\s+\w"):
        fail("'vrrp 5 pe?' does not offer 'peer'")
    # back on an empty line, then TAB
    terminal.press("\x15", r"")
    if not terminal.press("vrrp 5 pe\t", r"vrrp 5 peer"):
        fail("TAB does not complete 'vrrp 5 pe' to 'peer'")
    terminal.close()


def main():
    with tempfile.TemporaryDirectory() as folder:
        open(os.path.join(folder, "vtysh.conf"), "w").close()
        daemons = {name: Daemon(folder, name) for name in ("zebra", "mgmtd", "vrrpd")}
        for daemon in daemons.values():
            daemon.start()
        check_stock_commands(folder)
        check_key_chains(folder, daemons["vrrpd"])
        check_services(folder, daemons["vrrpd"])
        check_completion(folder)
    print("%d failures" % failures)
    sys.exit(1 if failures else 0)


main()
