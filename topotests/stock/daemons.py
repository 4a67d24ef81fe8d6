# SPDX-License-Identifier: GPL-2.0-or-later
"""
Debian's own vrrpd and ours, side by side, in the same surroundings.

Each has a network namespace, a zebra, and a pathspace (-N) of its own, and an
interface up0 onto a LAN of its own; the other end stays with the test. Names,
addresses, MAC addresses and interface numbers are the same for both.
"""
import contextlib
import json
import socket
import struct
import threading

from helpers.descriptors import open_files
from helpers.namespace import Namespace
from helpers.packet import IPPROTO_VRRP, TTL_VRRP, advert, checksum, octets
from helpers.router import Machine
from helpers.wait import differs, wait_for
from helpers.wire import Wire

INTERFACE = "up0"
ADDRESSES = ("192.0.2.1/24", "2001:db8::1/64")
MAC = "02:00:00:00:00:01"
BINARIES = {
    "stock": ("/usr/lib/frr/vrrpd.stock", "/usr/bin/vtysh.stock"),
    "ours": ("/usr/lib/frr/vrrpd", "/usr/bin/vtysh"),
}
# a host of the LAN, who as a router speaks IPv6 from HOST6
HOST4, HOST6 = "192.0.2.9", "fe80::9"
ASKER = {"v4": HOST4, "v6": "2001:db8::9"}
# of IPv4 and of IPv6: all routers, and the head of a frame to them from VRID 5
GROUPS = (
    ("224.0.0.18", "01005e000012 00005e000105 0800"),
    ("ff02::12", "333300000012 00005e000205 86dd"),
)


class Daemon(Namespace):
    """One vrrpd and its zebra."""

    def __init__(self, name):
        self.vrrpd, shell = BINARIES[name]
        super().__init__(name, shell)
        self.lan = f"lan-{name}"

    # Surroundings

    def build(self):
        """Makes the namespace and the LAN, and starts zebra."""
        super().build()
        Machine().must_run(
            f"ip link add {self.lan} type veth peer name {INTERFACE} index 100"
            f" netns {self.name};"
            f"ip link set {self.lan} up"
        )
        self.must_run(f"ip link set {INTERFACE} address {MAC}")
        self.link_up()
        self.launch("zebra")

    def link_up(self):
        """Sets the interface up, with the addresses that the kernel drops when it is down."""
        self.must_run(
            f"ip link set {INTERFACE} up;"
            + "".join(f"ip address replace {a} dev {INTERFACE};" for a in ADDRESSES)
        )

    def begin(self, *lines):
        """
        Starts vrrpd anew, and gives it those lines. What runs is ended first: stock
        may have crashed in what went before, or not.
        """
        if self.alive("vrrpd"):
            self.stop("vrrpd")
        self.launch("vrrpd", self.vrrpd)
        if lines:
            self.configure(*lines)

    def end(self):
        """Ends vrrpd if it runs, and takes away every macvlan."""
        if self.alive("vrrpd"):
            self.stop("vrrpd")
        macvlans = json.loads(self.must_run("ip -j link show type macvlan"))
        if not macvlans:
            return
        # zebra 10.3 may crash when a link goes that stock has made it advertise on
        if self.alive("zebra"):
            self.kill("zebra")
        for link in macvlans:
            self.must_run(f"ip link delete {link['ifname']}")
        self.launch("zebra")

    def macvlan(self, vrid, family, *addresses):
        """Makes a macvlan by hand, as FRR's manual tells to, and lets zebra see it."""
        name = f"vrrp{family}-100-{vrid}"
        mac = f"00:00:5e:00:0{1 if family == 4 else 2}:{vrid:02x}"
        self.must_run(
            f"ip link add {name} link {INTERFACE} address {mac} type macvlan mode bridge;"
            f"ip link set {name} addrgenmode random up;"
            + "".join(f"ip address add {a} dev {name};" for a in addresses)
        )
        wait_for(
            f"{self.name}: zebra knows {name}", lambda: self._zebra_sees(name, mac)
        )
        return name

    def _zebra_sees(self, name, mac):
        told = self.show("zebra", f"show interface {name}")
        ready = mac in told and "line protocol is up" in told
        return None if ready else told

    # What is seen of it

    def lines(self):
        """The lines of the running configuration that are about VRRP."""
        return [line for line in self.running_config() if "vrrp" in line.split()]

    def status(self, family="v4", vrid=5):
        """The word of stock's JSON: Master, Backup or Initialize."""
        return self.family(family, vrid).get("status")

    def wait_status(self, expected, *families, vrid=5):
        """Waits until a VRID has that status in those families."""
        for family in families:
            wait_for(
                f"{self.name}: VRID {vrid} {family} is {expected}",
                lambda f=family: differs(self.status(f, vrid), expected),
            )

    def sockets(self):
        """How many sockets of IP and Ethernet packets vrrpd holds."""
        pid, inodes = self.pid("vrrpd"), set()
        for table in ("raw", "raw6", "packet"):
            with open(f"/proc/{pid}/net/{table}", encoding="ascii") as file:
                column = 8 if table == "packet" else 9
                lines = file.readlines()[1:]
            inodes |= {f"socket:[{line.split()[column]}]" for line in lines}
        return sum(what in inodes for what in open_files(pid).values())

    def summary(self, vrid=5):
        """The words of a line of show vrrp summary."""
        for line in self.show("vrrpd", "show vrrp summary").splitlines():
            words = line.split()
            if words[1:2] == [str(vrid)]:
                return words
        return []

    def say(self, frame_):
        """Sends a frame on the LAN of the daemon."""
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
            sock.bind((self.lan, 0))
            sock.send(frame_)

    def answers(self, address, times=3):
        """The MAC addresses that answer for an address on the LAN of the daemon."""
        wire = Wire(Machine(), self.lan)
        heard = (wire.who_has([address], ASKER)[address] for _ in range(times))
        return {mac for macs in heard for mac in macs}


class Rival(threading.Thread):
    """
    A router of priority 250 for VRID 5 on the LAN of a daemon, in a with-block; of
    the VIP's family. Over IPv6 a link-local VIP comes first, or last.
    """

    def __init__(self, daemon, vip, interval_cs=50, local_first=True):
        super().__init__(daemon=True)
        self._quit = threading.Event()
        self._daemon = daemon
        source, vips = (HOST6, ["fe80::5", vip]) if ":" in vip else (HOST4, [vip])
        vips = vips if local_first else vips[::-1]
        group = GROUPS[":" in vip][0]
        payload = advert(source, group, 5, 250, vips, interval_cs=interval_cs)
        self._frame = frame(source, payload)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._quit.set()
        self.join()

    def run(self):
        """More often than it says, so that none is missed; a LAN that is down takes none."""
        while not self._quit.wait(0.2):
            with contextlib.suppress(OSError):
                self._daemon.say(self._frame)


def frame(source, payload):
    """A packet of VRRP to all routers, from the virtual MAC address of VRID 5."""
    group, macs = GROUPS[":" in source]
    ends, kind = octets(source) + octets(group), (IPPROTO_VRRP, TTL_VRRP)
    if ":" in source:
        head = struct.pack("!IHBB", 6 << 28, len(payload), *kind) + ends
    else:
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, *kind[::-1], 0)
        head += ends
        head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return bytes.fromhex(macs) + head + payload
