# SPDX-License-Identifier: GPL-2.0-or-later
"""
What vrrp_pcap_test.sh checks.

The captures are made here, octet by octet and with a checksum of our own, so
that nothing of the product's codec judges itself.  Every case is a rule and what
has to be told; what a case does not name is as in PLAIN.
"""

import ipaddress
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest

TOOL = os.environ["VRRP_PCAP"]

ETHERNET, NULL, RAW, LOOP, SLL, IPV4, IPV6, SLL2, WIFI = 1, 0, 101, 108, 113, 228, 229, 276, 105

ROUTER, OTHER, GROUP, VIP = "192.0.2.1", "192.0.2.2", "224.0.0.18", "192.0.2.100"
ROUTER6, OTHER6, GROUP6, VIP6 = "fe80::1", "2001:db8::2", "ff02::12", "fe80::100"

PLAIN = {
    "frame": 1, "family": 4, "src": ROUTER, "dst": GROUP, "ttl": 255, "version": 3,
    "vrid": 10, "priority": 150, "count": 1, "interval_cs": 100, "verdict": "accepted",
    "checksum": "pseudo", "trailer": False, "key": None,
}
PLAIN6 = dict(PLAIN, family=6, src=ROUTER6, dst=GROUP6)
TRAILER = bytes([1, 7, 0, 0]) + bytes(24)

# The vectors of draft-cassen-vrrp-auth-hmac; both were signed by KEY in the middle of a second.
KEY = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
SIGNED_SEC, SIGNED_USEC = 0x68000000, 500000
SIGNED = {
    "src": "198.51.100.10",
    "message": bytes.fromhex("3133c80100644402c0000264"),
    "trailer": bytes.fromhex("0101000068000000800000001b84bc4e8e43892dc6d98448f8ee2265"),
}
SIGNED6 = {
    "src": "fe80::10",
    "message": bytes.fromhex("3133c8010064a2e9fe800000000000000000000000000100"),
    "trailer": bytes.fromhex("010100006800000080000000c8c56146ebfd66ee10ec4d8186461b78"),
}


def octets(address):
    return ipaddress.ip_address(address).packed


def checksum(data):
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pseudo_header(src, dst, size):
    if ":" in src:
        return octets(src) + octets(dst) + struct.pack("!IHBB", size, 0, 0, 112)
    return octets(src) + octets(dst) + struct.pack("!BBH", 0, 112, size)


def message(src=ROUTER, dst=GROUP, version=3, kind=1, vrid=10, priority=150, vips=(VIP,),
            interval=100, auth=0, dialect="pseudo", trailer=b"", spoil=0):
    """A VRRP message; interval in cs. A trailer counts in the checksum over IPv6 only."""
    body = b"".join(octets(vip) for vip in vips)
    if version == 2:
        timing = bytes([auth, interval // 100])
        body += bytes(8)
        dialect = "message"
    else:
        timing = struct.pack("!H", interval)
    head = bytes([version << 4 | kind, vrid, priority, len(vips)]) + timing
    covered = head + bytes(2) + body + (trailer if ":" in src else b"")
    if dialect == "pseudo":
        covered = pseudo_header(src, dst, len(covered)) + covered
    return head + struct.pack("!H", checksum(covered) ^ spoil) + body + trailer


def ipv4(payload, src=ROUTER, dst=GROUP, ttl=255, protocol=112, fragment=0, options=b""):
    words = 5 + len(options) // 4
    head = struct.pack("!BBHHHBBH", 0x40 | words, 0xC0, words * 4 + len(payload), 1, fragment,
                       ttl, protocol, 0)
    return head + octets(src) + octets(dst) + options + payload


def ipv6(payload, src=ROUTER6, dst=GROUP6, ttl=255, following=112):
    head = struct.pack("!IHBB", 0x6C000000, len(payload), following, ttl)
    return head + octets(src) + octets(dst) + payload


def ethernet(packet, tags=()):
    """tags: (ethertype, VLAN) from the outside in."""
    kind = 0x86DD if packet[0] >> 4 == 6 else 0x0800
    head = bytes.fromhex("01005e000012" "00005e00010a")
    for ethertype, vlan in tags:
        head += struct.pack("!HH", ethertype, vlan)
    return head + struct.pack("!H", kind) + packet


def capture(frames, link=ETHERNET, snaplen=65535, order="<", late=0):
    """All at the time of SIGNED, or so many seconds later."""
    data = struct.pack(order + "IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snaplen, link)
    for frame in frames:
        held = frame[:snaplen]
        data += struct.pack(order + "IIII", SIGNED_SEC + late, SIGNED_USEC, len(held), len(frame))
        data += held
    return data


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="vrrp_pcap.")
        self.addCleanup(self.folder.cleanup)

    def path(self, name="test.pcap"):
        return os.path.join(self.folder.name, name)

    def write(self, data, name="test.pcap"):
        with open(self.path(name), "wb") as out:
            out.write(data)
        return self.path(name)

    def run_tool(self, *files):
        """(exit status, output, errors)"""
        done = subprocess.run([TOOL, *files], capture_output=True, text=True, check=False)
        return done.returncode, [json.loads(l) for l in done.stdout.splitlines()], done.stderr

    def told(self, frames, options=(), **how):
        file = self.write(capture(frames, **how))
        status, lines, complaints = self.run_tool(*options, file)
        self.assertEqual((status, complaints), (0, ""), "a readable file is read without complaint")
        for line in lines:
            self.assertEqual(line.pop("file"), file)
        return lines

    def expect(self, frames, *wanted, **how):
        self.assertEqual(self.told(frames, **how), list(wanted))

    def expect_v4(self, message_fields, ip_fields=None, **wanted):
        ip_fields = ip_fields or {}
        ends = {k: ip_fields[k] for k in ("src", "dst") if k in ip_fields}
        frame = ethernet(ipv4(message(**ends, **message_fields), **ip_fields))
        self.expect([frame], dict(PLAIN, **wanted))

    def expect_v6(self, message_fields, ip_fields=None, **wanted):
        ends = {"src": ROUTER6, "dst": GROUP6, **(ip_fields or {})}
        ends = {k: ends[k] for k in ("src", "dst")}
        fields = {"vips": (VIP6,), **message_fields}
        frame = ethernet(ipv6(message(**ends, **fields), **(ip_fields or {})))
        self.expect([frame], dict(PLAIN6, **wanted))


class Links(Case):
    """The same packet is found behind every link layer."""

    def links(self, packet):
        kind = packet[:1]
        ethertype = b"\x86\xdd" if kind[0] >> 4 == 6 else b"\x08\x00"
        family = 30 if kind[0] >> 4 == 6 else 2
        sll = struct.pack("!HHH8s", 4, 1, 6, bytes(8))
        yield "Ethernet", ETHERNET, ethernet(packet)
        yield "Ethernet, padded", ETHERNET, ethernet(packet) + bytes(18)
        yield "802.1Q", ETHERNET, ethernet(packet, [(0x8100, 5)])
        yield "QinQ", ETHERNET, ethernet(packet, [(0x88A8, 7), (0x8100, 5)])
        yield "Linux cooked", SLL, sll + ethertype + packet
        yield "Linux cooked, tagged", SLL, sll + b"\x81\x00\x00\x05" + ethertype + packet
        yield "Linux cooked v2", SLL2, ethertype + struct.pack("!HIHBB8s", 0, 2, 1, 4, 6, bytes(8)) + packet
        yield "raw IP", RAW, packet
        yield "raw IPv4 or IPv6", IPV6 if kind[0] >> 4 == 6 else IPV4, packet
        yield "BSD null", NULL, struct.pack("<I", family) + packet
        yield "OpenBSD loop", LOOP, struct.pack(">I", family) + packet

    def test_each_link_layer(self):
        for packet, plain in ((ipv4(message()), PLAIN),
                              (ipv6(message(ROUTER6, GROUP6, vips=(VIP6,))), PLAIN6)):
            for name, link, frame in self.links(packet):
                with self.subTest(name, family=plain["family"]):
                    self.expect([frame], plain, link=link)

    def test_big_endian_file(self):
        self.expect([ethernet(ipv4(message()))], PLAIN, order=">")

    def test_other_packets_count_as_frames(self):
        other = ethernet(ipv4(bytes(20), protocol=17))
        arp = ethernet(bytes(28))[:12] + b"\x08\x06" + bytes(28)
        vrrp = ethernet(ipv4(message()))
        self.expect([other, vrrp, arp, b"", vrrp], dict(PLAIN, frame=2), dict(PLAIN, frame=5))


class Versions(Case):
    def test_v3_message_checksum(self):
        self.expect_v4({"dialect": "message"}, checksum="message")

    def test_v3_unicast_pseudo_header_has_the_actual_destination(self):
        self.expect_v4({}, {"dst": OTHER, "ttl": 254}, dst=OTHER, ttl=254)

    def test_a_pseudo_header_of_the_group_in_unicast_is_bad(self):
        frame = ethernet(ipv4(message(dst=GROUP), dst=OTHER))
        self.expect([frame], dict(PLAIN, dst=OTHER, verdict="checksumErrors", checksum="bad"))

    def test_reserved_bits_are_no_part_of_the_interval(self):
        self.expect_v4({"interval": 0xF000 | 250}, interval_cs=250)

    def test_v2(self):
        self.expect_v4({"version": 2}, version=2, checksum="message")

    def test_v6_multicast(self):
        self.expect_v6({"vips": (VIP6, "2001:db8::100")}, count=2)

    def test_v6_unicast_needs_no_link_local(self):
        self.expect_v6({"vips": ("2001:db8::100",)}, {"src": "2001:db8::1", "dst": OTHER6, "ttl": 64},
                       src="2001:db8::1", dst=OTHER6, ttl=64)

    def test_v4_trailer(self):
        self.expect_v4({"trailer": TRAILER}, trailer=True, key=7)

    def test_v6_trailer(self):
        self.expect_v6({"trailer": TRAILER}, trailer=True, key=7)

    def test_255_addresses(self):
        vips = [f"198.51.100.{n}" for n in range(1, 256)]
        self.expect_v4({"vips": vips}, count=255)

    def test_ip_options(self):
        self.expect_v4({}, {"options": b"\x94\x04\x00\x00"})


class Verdicts(Case):
    """The error of a packet, and the fields of its header."""

    def test_multicast_ttl(self):
        self.expect_v4({}, {"ttl": 254}, ttl=254, verdict="ipTtlErrors")

    def test_version(self):
        self.expect_v4({"version": 4}, version=4, verdict="versionErrors", checksum="bad",
                       priority=None, count=None, interval_cs=None)

    def test_v2_over_ipv6(self):
        self.expect_v6({"version": 2, "vips": (VIP6,)}, version=2, verdict="versionErrors",
                       checksum="bad", priority=None, count=None, interval_cs=None)

    def test_type(self):
        self.expect_v4({"kind": 2}, verdict="invalidTypePktsRcvd", checksum="bad")

    def test_checksum(self):
        self.expect_v4({"spoil": 1, "priority": 254, "interval": 30}, verdict="checksumErrors",
                       checksum="bad", priority=254, interval_cs=30)

    def test_length(self):
        frame = ethernet(ipv4(message() + b"\0\0\0\0"))
        self.expect([frame], dict(PLAIN, verdict="packetLengthErrors", checksum="bad"))

    def test_no_address(self):
        self.expect_v4({"vips": ()}, count=0, verdict="addressCountErrors")

    def test_interval_zero(self):
        self.expect_v4({"interval": 0}, interval_cs=0, verdict="intervalErrors")

    def test_v2_authentication(self):
        self.expect_v4({"version": 2, "auth": 1}, version=2, verdict="authTypeErrors",
                       checksum="message")

    def test_a_few_octets(self):
        for size in range(8):
            with self.subTest(octets=size):
                wanted = dict(PLAIN, verdict="packetLengthErrors", checksum="bad", priority=None,
                              count=None, interval_cs=None)
                if size < 1:
                    wanted["version"] = None
                if size < 2:
                    wanted["vrid"] = None
                self.expect([ethernet(ipv4(message()[:size]))], wanted)

    def test_ip_total_length_beyond_the_frame(self):
        frame = bytearray(ethernet(ipv4(message())))
        frame[16:18] = struct.pack("!H", 1000)
        self.expect([bytes(frame)], dict(PLAIN, verdict="packetLengthErrors", checksum="bad"))


class Pieces(Case):
    CUT = {"verdict": "packetLengthErrors", "checksum": "bad"}
    UNKNOWN = {"priority": None, "count": None, "interval_cs": None}

    def test_snaplen_in_the_addresses(self):
        self.expect([ethernet(ipv4(message()))], dict(PLAIN, **self.CUT), snaplen=14 + 20 + 8)

    def test_snaplen_takes_just_the_trailer(self):
        frame = ethernet(ipv4(message(trailer=TRAILER)))
        self.expect([frame], dict(PLAIN, **self.CUT), snaplen=14 + 20 + 12)

    def test_snaplen_in_the_header(self):
        self.expect([ethernet(ipv4(message()))], dict(PLAIN, **self.CUT, **self.UNKNOWN),
                    snaplen=14 + 20 + 4)

    def test_snaplen_before_anything_is_known(self):
        self.expect([ethernet(ipv4(message()))], snaplen=14 + 19)

    def test_first_fragment_is_told_later_ones_are_not(self):
        whole = message(vips=[f"198.51.100.{n}" for n in range(1, 201)])
        first = ethernet(ipv4(whole[:400], fragment=0x2000))
        later = ethernet(ipv4(whole[400:], fragment=50))
        self.expect([first, later], dict(PLAIN, **self.CUT, count=200))

    def test_first_fragment_that_looks_whole(self):
        whole = message(vips=(VIP, "192.0.2.101"), trailer=TRAILER)
        self.expect([ethernet(ipv4(whole[:16], fragment=0x2000))], dict(PLAIN, **self.CUT, count=2))

    def test_ipv6_fragments(self):
        whole = message(ROUTER6, GROUP6, vips=(VIP6,) * 100)
        head = {"following": 44}
        first = ethernet(ipv6(bytes([112, 0]) + struct.pack("!HI", 1, 9) + whole[:800], **head))
        later = ethernet(ipv6(bytes([112, 0]) + struct.pack("!HI", 800, 9) + whole[800:], **head))
        self.expect([first, later], dict(PLAIN6, **self.CUT, count=100))

    def test_ipv6_extension_headers_are_skipped(self):
        whole = message(ROUTER6, GROUP6, vips=(VIP6,))
        hop_by_hop = bytes([60, 0, 5, 2, 0, 0, 1, 0])
        options = bytes([44, 1, 1, 12]) + bytes(12)
        atomic_fragment = bytes([51, 0]) + bytes(6)
        authentication = bytes([112, 4]) + bytes(22)
        frame = ethernet(ipv6(hop_by_hop + options + atomic_fragment + authentication + whole,
                              following=0))
        self.expect([frame], PLAIN6)

    def test_ipv6_extension_header_cut_off(self):
        frame = ethernet(ipv6(bytes([112, 40]) + bytes(6), following=0))
        self.expect([frame], dict(PLAIN6, **self.CUT, **self.UNKNOWN, version=None, vrid=None))

    def test_ipv6_with_nothing_behind(self):
        self.expect([ethernet(ipv6(b"", following=59))])


class Files(Case):
    def good(self, name):
        return self.write(capture([ethernet(ipv4(message()))]), name)

    def check(self, status, files, frames, sentence=None):
        got, lines, complaints = self.run_tool(*files)
        self.assertEqual(got, status, complaints)
        self.assertEqual([(l["file"], l["frame"]) for l in lines], frames)
        self.assertEqual(len(complaints.splitlines()), 1 if sentence else 0, complaints)
        self.assertIn(sentence or "", complaints)

    def test_several_files_count_frames_anew(self):
        a, b = self.good("a"), self.good("b")
        self.check(0, [a, b], [(a, 1), (b, 1)])

    def test_a_missing_file_does_not_stop_the_others(self):
        a, b = self.good("a"), self.good("b")
        self.check(2, [a, self.path("none"), b], [(a, 1), (b, 1)],
                   "none: No such file or directory")

    def test_no_capture_at_all(self):
        a = self.good("a")
        self.check(2, [self.write(b"not a capture, surely", "text"), a], [(a, 1)], "text: ")

    def test_an_empty_file(self):
        self.check(2, [self.write(b"", "empty")], [], "empty: ")

    def test_a_folder(self):
        self.check(2, [self.folder.name], [], ": ")

    def test_a_file_that_ends_too_early(self):
        frame = ethernet(ipv4(message()))
        file = self.write(capture([frame, frame])[:-5], "half")
        self.check(2, [file], [(file, 1)], "half: ")

    def test_a_link_type_not_read_here(self):
        file = self.write(capture([bytes(40)], link=WIFI), "wifi")
        self.check(2, [file], [], "its link type, IEEE802_11 (105), is not read here")

    def test_usage(self):
        for arguments in ([], ["--help"]):
            status, lines, complaints = self.run_tool(*arguments)
            self.assertEqual((status, lines), (2, []))
            self.assertIn("usage: vrrp_pcap [--key ID:HEX]... FILE...", complaints)


def frame_of(payload, src=SIGNED["src"], dst=GROUP, fits=True):
    """An Ethernet frame of a message and its trailer; fits: its checksum is set anew."""
    is_v6 = ":" in src
    if fits:
        covered = payload if is_v6 else payload[:12]
        covered = covered[:6] + bytes(2) + covered[8:]
        covered = (pseudo_header(src, dst, len(covered)) if is_v6 else b"") + covered
        payload = payload[:6] + struct.pack("!H", checksum(covered)) + payload[8:]
    return ethernet((ipv6 if is_v6 else ipv4)(payload, src, dst))


def flipped(octets_, bit):
    """With that bit the other way round."""
    at = bit // 8
    return octets_[:at] + bytes([octets_[at] ^ 0x80 >> bit % 8]) + octets_[at + 1:]


class Signatures(Case):
    """With --key: what a router in mode enforce would say."""

    WHOLE = SIGNED["message"] + SIGNED["trailer"]
    PLAIN = dict(PLAIN, src=SIGNED["src"], vrid=51, priority=200, checksum="message", trailer=True,
                 key=1)

    def verdicts(self, frames, keys=(f"1:{KEY}",), **how):
        options = [word for key in keys for word in ("--key", key)]
        return [line["verdict"] for line in self.told(frames, options, **how)]

    def expect_verdicts(self, frames, *wanted, **how):
        self.assertEqual(self.verdicts(frames, **how), list(wanted))

    def test_vectors(self):
        six = SIGNED6["message"] + SIGNED6["trailer"]
        plain6 = dict(self.PLAIN, family=6, src=SIGNED6["src"], dst="fe80::20", checksum="pseudo")
        for key in (KEY, KEY.upper()):
            options = ("--key", f"1:{key}")
            self.expect([frame_of(self.WHOLE, fits=False)], self.PLAIN, options=options)
            self.expect([frame_of(six, SIGNED6["src"], "fe80::20", False)], plain6, options=options)

    def test_without_a_key_no_signature_is_judged(self):
        self.expect_verdicts([frame_of(flipped(self.WHOLE, 16 * 8))], "accepted", keys=())

    def test_each_flipped_bit(self):
        """The checksum is made to fit; its own bits are not covered."""
        for vector, dst in ((SIGNED, GROUP), (SIGNED6, "fe80::20")):
            size = len(vector["message"])
            whole = vector["message"] + vector["trailer"]
            bits = [bit for bit in range(8 * len(whole)) if bit // 8 not in (6, 7)]
            told = self.verdicts([frame_of(flipped(whole, bit), vector["src"], dst) for bit in bits])
            self.assertEqual(len(told), len(bits))
            for bit, verdict in zip(bits, told):
                with self.subTest(vector["src"], bit=bit):
                    self.assertNotEqual(verdict, "accepted")
                    at = bit // 8 - size
                    if bit // 8 == 2 or at >= 12:
                        self.assertEqual(verdict, "authDigestErrors")
                    elif at == 1:
                        none = whole[bit // 8] == 0x80 >> bit % 8
                        wanted = "packetLengthErrors" if none else "authKeyErrors"
                        self.assertEqual(verdict, wanted)

    def test_another_source(self):
        self.expect_verdicts([frame_of(self.WHOLE, OTHER)], "authDigestErrors")

    def test_another_key_of_the_same_id(self):
        self.expect_verdicts([frame_of(self.WHOLE)], "authDigestErrors", keys=("1:" + "11" * 32,))

    def test_unknown_key(self):
        self.expect_verdicts([frame_of(self.WHOLE)], "authKeyErrors", keys=(f"2:{KEY}",))

    def test_one_of_several_keys(self):
        keys = ("255:" + "22" * 64, f"1:{KEY}", "2:" + "33" * 32)
        self.expect_verdicts([frame_of(self.WHOLE)], "accepted", keys=keys)

    def test_no_trailer(self):
        wanted = dict(self.PLAIN, trailer=False, key=None, verdict="authMissingErrors")
        self.expect([frame_of(SIGNED["message"])], wanted, options=("--key", f"1:{KEY}"))

    def test_what_else_is_wrong_comes_first(self):
        self.expect_verdicts([ethernet(ipv4(message(spoil=1)))], "checksumErrors")

    def test_replay_for_each_destination(self):
        frames = [frame_of(self.WHOLE, dst=dst) for dst in (GROUP, OTHER, OTHER, GROUP)]
        self.expect_verdicts(frames, "accepted", "accepted", "authReplayErrors", "authReplayErrors")

    def test_each_file_begins_anew(self):
        file = self.write(capture([frame_of(self.WHOLE)]))
        _, lines, _ = self.run_tool("--key", f"1:{KEY}", file, file)
        self.assertEqual([line["verdict"] for line in lines], ["accepted", "accepted"])

    def test_clock(self):
        """The window is 5 s, of an interval of 1 s."""
        for late, wanted in ((5, "accepted"), (6, "authClockErrors"), (-5, "accepted"),
                             (-6, "authClockErrors"), (100, "authClockErrors")):
            with self.subTest(late=late):
                self.expect_verdicts([frame_of(self.WHOLE)], wanted, late=late)

    def test_a_cut_one_is_no_replay_later(self):
        fragment = ethernet(ipv4(self.WHOLE, SIGNED["src"], fragment=0x2000))
        self.expect_verdicts([fragment, frame_of(self.WHOLE)], "packetLengthErrors", "accepted")

    def test_keys_that_are_none(self):
        file = self.write(capture([frame_of(self.WHOLE)]))
        refused = {
            "": "ID:HEX is expected", KEY: "ID:HEX is expected", f":{KEY}": "ID:HEX is expected",
            f"x:{KEY}": "ID:HEX is expected", f"-1:{KEY}": "ID:HEX is expected",
            f"0:{KEY}": "the ID of a key is 1 to 255", f"256:{KEY}": "the ID of a key is 1 to 255",
            f"4294967297:{KEY}": "the ID of a key is 1 to 255",
            f"1:{KEY}0": "their number is odd", f"1:0x{KEY}": "in hex digits alone",
            f"1:{KEY} ": "in hex digits alone", "1:": "a key has 32 to 64 octets",
            f"1:{KEY[2:]}": "a key has 32 to 64 octets", "1:" + "00" * 65: "a key has 32 to 64 octets",
        }
        for key, sentence in refused.items():
            with self.subTest(key):
                status, lines, complaints = self.run_tool("--key", key, file)
                self.assertEqual((status, lines), (2, []))
                self.assertRegex(complaints, f"^vrrp_pcap: --key [0-9]*: .*{sentence}.*\n$")
                self.assertNotIn(KEY[2:], complaints)

    def test_two_keys_of_one_id(self):
        status, lines, complaints = self.run_tool("--key", f"1:{KEY}", "--key", f"01:{KEY}", "none")
        self.assertEqual((status, lines), (2, []))
        self.assertIn("--key 01: there are two keys of this ID", complaints)

    def test_no_file(self):
        status, lines, complaints = self.run_tool("--key", f"1:{KEY}")
        self.assertEqual((status, lines), (2, []))
        self.assertIn("no file is named", complaints)


class Noise(Case):
    """Any octets: no crash, and at most one line for each frame."""

    def test_spoiled_frames(self):
        frames = [ethernet(ipv4(message(trailer=TRAILER), options=bytes(4))),
                  ethernet(ipv6(bytes([112, 0]) + bytes(6) + message(ROUTER6, GROUP6, vips=(VIP6,)),
                                following=60), [(0x8100, 5)])]
        spoiled = []
        for frame in frames:
            for at in range(12, len(frame)):
                for value in (0x00, 0x7F, 0xFF):
                    spoiled.append(frame[:at] + bytes([value]) + frame[at + 1:])
                spoiled.append(frame[:at])
        numbers = [line["frame"] for line in self.told(spoiled)]
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertGreater(len(numbers), len(spoiled) // 2)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
