# SPDX-License-Identifier: GPL-2.0-or-later
"""
Debian's own vrrpd and ours, side by side, in the same surroundings.

Each has a network namespace, a zebra, and a pathspace (-N) of its own, and an
interface up0 onto a LAN of its own, whose other end stays with the test. Names,
addresses, MAC addresses and interface numbers are the same for both.
"""
import json
import os
import socket
import struct
import threading

from helpers.packet import IPPROTO_VRRP, TTL_VRRP, advert, checksum
from helpers.namespace import Namespace
from helpers.router import Machine
from helpers.wait import differs, wait_for

INTERFACE = "up0"
ADDRESSES = ("192.0.2.1/24", "2001:db8::1/64")
MAC = "02:00:00:00:00:01"
BINARIES = {
    "stock": ("/usr/lib/frr/vrrpd.stock", "/usr/bin/vtysh.stock"),
    "ours": ("/usr/lib/frr/vrrpd", "/usr/bin/vtysh"),
}
ETH_P_IP, ETH_P_ARP, ARP_REQUEST, ARP_REPLY = 0x0800, 0x0806, 1, 2
VRRP_GROUP, VRRP_GROUP_MAC = "224.0.0.18", bytes.fromhex("01005e000012")


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
        self.must_run(
            f"ip link set {INTERFACE} address {MAC} up;"
            + "".join(f"ip address add {a} dev {INTERFACE};" for a in ADDRESSES)
        )
        self.launch("zebra")

    def begin(self, *lines):
        """Starts vrrpd anew, and gives it those lines."""
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
        held = sum(
            os.path.realpath(f"/proc/{pid}/fd/{number}").rpartition("/")[2] in inodes
            for number in os.listdir(f"/proc/{pid}/fd")
        )
        return held

    def summary(self, vrid=5):
        """The words of a line of show vrrp summary."""
        for line in self.show("vrrpd", "show vrrp summary").splitlines():
            words = line.split()
            if words[1:2] == [str(vrid)]:
                return words
        return []

    def arp(self, address, requests=5):
        """The MAC addresses that answer for an address on the LAN of the daemon."""
        asker = bytes.fromhex("020000000009")
        request = struct.pack("!HHBBH", 1, 0x0800, 6, 4, ARP_REQUEST)
        request += asker + socket.inet_aton("192.0.2.9") + b"\0" * 6
        request += socket.inet_aton(address)
        frame = b"\xff" * 6 + asker + struct.pack("!H", ETH_P_ARP) + request
        answers = set()
        with socket.socket(
            socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ARP)
        ) as sock:
            sock.bind((self.lan, ETH_P_ARP))
            sock.settimeout(0.3)
            for _ in range(requests):
                sock.send(frame)
                answers |= _arp_replies(sock, socket.inet_aton(address), asker)
        return answers


def _arp_replies(sock, address, asker):
    """Who says that the address is his, to the asker, until nobody says more."""
    found = set()
    while True:
        try:
            frame = sock.recv(2048)
        except TimeoutError:
            return found
        kind, sender, owner = frame[20:22], frame[22:28], frame[28:32]
        if kind == struct.pack("!H", ARP_REPLY) and owner == address:
            if frame[32:38] == asker:
                found.add(sender.hex(":"))


class Rival(threading.Thread):
    """A router of priority 250 for VRID 5 on the LAN of a daemon, in a with-block."""

    SOURCE = "192.0.2.9"

    def __init__(self, daemon, vip, interval_cs=50):
        super().__init__(daemon=True)
        self._quit = threading.Event()
        self._sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self._sock.bind((daemon.lan, 0))
        payload = advert(
            self.SOURCE, VRRP_GROUP, 5, 250, [vip], interval_cs=interval_cs
        )
        self._frame = (
            VRRP_GROUP_MAC
            + bytes.fromhex("00005e000105")
            + struct.pack("!H", ETH_P_IP)
            + _ip_header(self.SOURCE, VRRP_GROUP, len(payload))
            + payload
        )

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._quit.set()
        self.join()
        self._sock.close()

    def run(self):
        """More often than it says, so that none is missed."""
        while not self._quit.wait(0.2):
            self._sock.send(self._frame)


def _ip_header(source, destination, length):
    head = struct.pack(
        "!BBHHHBBH", 0x45, 0xC0, 20 + length, 0, 0, TTL_VRRP, IPPROTO_VRRP, 0
    )
    head += socket.inet_aton(source) + socket.inet_aton(destination)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:]
