# SPDX-License-Identifier: GPL-2.0-or-later
"""
seeds.py TARGET FOLDER: writes inputs for a fuzz target to begin with.

They are made here, by the layout that fuzz_TARGET.c describes: what the
documents and the RFCs show, so that a fuzzer starts from what is right and
spends its time on what is nearly so.
"""

import ipaddress
import os
import struct
import sys

# fuzz_packet.c: enum how
V6, MULTICAST, MESSAGE, PSEUDO, OTHER, MAKE = 1, 2, 4, 8, 16, 32
# fuzz_receive.c: enum what
RAW, ADVERT, TIME, TIMER, STALE, CONFIG, STARTUP, SHUTDOWN, SIGNED = range(9)
DOWN, ADVERTISE, PREEMPT = range(3)
# fuzz_auth.c: the octet of the configuration, and enum how
ON, PERMISSIVE, RECEIVE_ONLY, MONOTONIC = 1, 2, 4, 8
KEY_1, KEY_EXPIRED, KEY_SHORT, KEY_4, SPOIL, AGAIN, ASTRAY, BESIDE = 0, 1, 2, 3, 4, 8, 16, 32

TRAILER = bytes([1, 7, 0, 0]) + bytes(range(24))


def octets(address):
    return ipaddress.ip_address(address).packed


def message(version=3, vrid=10, priority=150, vips=("192.0.2.100",), timing=b"\x00\x64", kind=1):
    body = b"".join(octets(vip) for vip in vips)
    if version == 2:
        timing, body = b"\x00\x01", body + bytes(8)
    return bytes([version << 4 | kind, vrid, priority, len(vips)]) + timing + bytes(2) + body


def datagram(how, octets_, ttl=255, src=None, dst=None):
    src = src or ("fe80::1" if how & V6 else "192.0.2.1")
    dst = dst or ("fe80::2" if how & V6 else "192.0.2.2")
    return bytes([how, ttl]) + octets(src) + octets(dst) + octets_


def packet():
    six = ("fe80::100", "2001:db8::100")
    yield "v3-pseudo", datagram(PSEUDO, message())
    yield "v3-message", datagram(MESSAGE | MULTICAST, message())
    yield "v3-multicast-far", datagram(PSEUDO | MULTICAST, message(), ttl=254)
    yield "v3-no-checksum", datagram(0, message())
    yield "v3-trailer", datagram(PSEUDO, message() + TRAILER)
    yield "v3-255-addresses", datagram(PSEUDO, message(vips=["192.0.2.7"] * 255))
    yield "v3-owner", datagram(PSEUDO, message(priority=255, timing=b"\xff\xff"))
    yield "v3-release", datagram(PSEUDO, message(priority=0, timing=b"\x00\x00"))
    yield "v3-nothing", datagram(PSEUDO, message(vips=()))
    yield "v2", datagram(MESSAGE | MULTICAST, message(version=2, vips=("192.0.2.3", "192.0.2.4")))
    yield "v6", datagram(V6 | MULTICAST | PSEUDO, message(vips=six))
    yield "v6-trailer", datagram(V6 | PSEUDO, message(vips=six) + TRAILER)
    yield "v6-255-addresses", datagram(V6 | PSEUDO, message(vips=["fe80::7"] * 255))
    yield "v6-v2", datagram(V6 | MESSAGE, message(version=2))
    yield "v4-to-v6", datagram(OTHER, message(), dst="fe80::2")
    yield "type", datagram(PSEUDO, message(kind=2))
    yield "empty", datagram(PSEUDO, b"")
    fields = struct.pack("!BBBBHH", 3, 10, 150, 0, 100, 4116)
    yield "make-v3", datagram(MAKE | PSEUDO, fields + octets("192.0.2.9") * 3)
    yield "make-v6", datagram(MAKE | PSEUDO | V6, fields + octets("fe80::9") * 255)
    yield "make-v2", datagram(MAKE | MESSAGE, b"\x02" + fields[1:] + octets("192.0.2.9"))


def span(milliseconds):
    """fuzz_receive.c: take_span(); exact to 16 us below a second, else whole odd milliseconds."""
    if milliseconds < 1000:
        return struct.pack("!H", int(milliseconds * 1000 / 16) & ~1)
    return struct.pack("!H", int(milliseconds) | 1)


def router(unicast=True, v6=False, v2=False, preempt=True, changes=0, values=b""):
    kind = v2 * 0x01 | v6 * 0x02 | unicast * 0x04 | (not preempt) * 0x10
    return bytes([kind, changes]) + values


def advert(priority, peer=0, shape=0, ttl=255):
    return bytes([ADVERT, (255 - ttl) << 3 | peer, shape, priority])


def signed(priority, how=KEY_1, values=b"", **kind):
    return bytes([SIGNED]) + advert(priority, **kind)[1:] + bytes([how]) + values


def authenticates(how, **kind):
    return router(changes=0x20, values=bytes([how]), **kind)


def fires(which, late=0):
    return bytes([TIMER, which]) + span(late)


def receive():
    start = router()
    yield "silence", start + fires(DOWN) + fires(ADVERTISE) * 5
    yield "higher", start + advert(200) * 3 + fires(DOWN) + advert(200) + advert(0)
    yield "lower", start + advert(50) * 3 + fires(DOWN) + advert(50) * 2
    yield "same", start + fires(DOWN) + advert(100, peer=0) + advert(100, peer=1)
    yield "release", start + advert(200) + advert(0) + fires(DOWN) + bytes([SHUTDOWN, 1])
    yield "stall", start + fires(DOWN) + fires(ADVERTISE, late=20001) + fires(DOWN, late=20001) * 2
    yield "stall-advert", start + fires(DOWN) + bytes([TIME]) + span(20001) + advert(50)
    yield "late-backup", start + fires(DOWN, late=5001) + fires(DOWN)
    yield "stranger", start + advert(250, peer=2) + advert(250, peer=3) + advert(250, peer=4)
    yield "echo", start + fires(DOWN) + advert(250, peer=3)
    yield "owner", router(changes=1, values=b"\xff") + advert(255, peer=1) + fires(DOWN)
    yield "v6", router(v6=True) + advert(200) + fires(DOWN) + advert(50, shape=0x10) + b"\x01\x00"
    yield "v2", router(unicast=False, v2=True) + advert(200) + fires(DOWN) + advert(50)
    yield "multicast", router(unicast=False) + advert(200) + advert(200, ttl=254) + fires(DOWN)
    yield "no-preempt", router(preempt=False) + advert(50) * 2 + fires(DOWN)
    delay = router(changes=4, values=struct.pack("!H", 5))
    yield "preempt-delay", delay + advert(50) * 2 + fires(PREEMPT) + advert(50) + fires(DOWN)
    yield "config", start + fires(DOWN) + bytes([CONFIG, 1, 50]) + advert(100) + \
        bytes([CONFIG, 2]) + struct.pack("!H", 9) + bytes([CONFIG, 0x10]) + bytes([CONFIG, 1, 255])
    yield "config-backup", delay + advert(50) + bytes([CONFIG, 4, 0, 1]) + bytes([CONFIG, 8, 1])
    yield "stale", start + bytes([STALE, DOWN, 0, STALE, ADVERTISE, 0]) + fires(DOWN)
    yield "restart", start + bytes([STARTUP, SHUTDOWN, 0, STARTUP]) + fires(DOWN)
    enforce = authenticates(ON)
    yield "signed", enforce + signed(200) * 3 + fires(DOWN) + signed(50) + signed(0) + signed(255)
    yield "unsigned", enforce + advert(255) + fires(DOWN) + advert(0) + advert(255)
    yield "signed-v6", authenticates(ON, v6=True) + signed(200) + fires(DOWN) + signed(50)
    yield "signed-lan", authenticates(ON, unicast=False) + signed(200) * 2 + signed(200, peer=3)
    yield "signed-keys", enforce + signed(200, KEY_EXPIRED) + signed(200, KEY_SHORT) + signed(200, KEY_4)
    yield "signed-spoilt", enforce + b"".join(
        signed(255, SPOIL, struct.pack("!H", bit)) for bit in range(0, 8 * 40, 7))
    yield "signed-again", enforce + signed(200) + signed(0, AGAIN) + bytes([TIME]) + span(2001) + \
        signed(200) + signed(0, AGAIN) * 2
    clocks = b"".join(signed(200, ASTRAY, struct.pack("!h", sixteenths))
                      for sixteenths in (80, 81, -80, -81, 160, -160, 32767, -32768))
    yield "signed-clocks", enforce + clocks
    yield "signed-window", authenticates(ON | 0x10) + clocks
    yield "signed-monotonic", authenticates(ON | MONOTONIC) + clocks + signed(200, BESIDE, b"\x01") + \
        signed(200, BESIDE, b"\x00") + signed(200, BESIDE, b"\xff") + signed(200)
    yield "signed-wrap", enforce + signed(200) + bytes([TIME]) + span(65001) + signed(200) + \
        bytes([TIME]) + span(65001) + signed(200) + fires(DOWN) + fires(ADVERTISE) * 2
    yield "permissive", authenticates(ON | PERMISSIVE) + advert(200) + signed(200) + \
        signed(255, SPOIL, b"\0\x10") + fires(DOWN) + advert(50) + signed(50)
    yield "receive-only", authenticates(ON | RECEIVE_ONLY) + advert(200) + signed(200) + fires(DOWN)
    yield "introduced", start + fires(DOWN) + b"".join(
        bytes([CONFIG, 0x20, how]) + fires(ADVERTISE) + signed(50)
        for how in (ON | RECEIVE_ONLY, ON | PERMISSIVE, ON, ON | PERMISSIVE, 0, ON)) + \
        signed(50, AGAIN) + bytes([SHUTDOWN, 1])
    raw = message()
    yield "raw-trailer", enforce + bytes([RAW, 0, len(raw + TRAILER) | 1]) + raw + TRAILER + b"\0"
    yield "raw", start + bytes([RAW, 0, len(raw) + 1]) + raw + b"\0" + advert(120)


GROUPS = {
    "unicast": """interface eth0
 vrrp 10
 vrrp 10 priority 150
 vrrp 10 advertisement-interval 500
 vrrp 10 peer 192.0.2.2
 vrrp 10 source 192.0.2.1
 vrrp 10 ttl-security hops 3
 vrrp 10 description The web pair
 vrrp 10 sync-group web
 vrrp 10 sync-families
 vrrp 10 ip 203.0.113.1
 vrrp 10 peer 2001:db8:0:1::2
 vrrp 10 ipv6 2001:db8::100
 vrrp 10 announce metric 20 tag 300
 vrrp 10 announce standby metric 90 tag 301
 vrrp 10 preempt delay 30
 vrrp 10 preempt settle 500
 vrrp 10 startup-hold 0
exit
vrrp startup-delay 0""",
    "lan": """interface eth1
 vrrp 20 version 2
 vrrp 20 advertisement-interval 2000
 vrrp 20 ip 198.51.100.7
 no vrrp 20 preempt
 no vrrp 20 accept-mode
exit
interface eth0
 vrrp 21
 vrrp 21 placement interface
 vrrp 21 ipv6 fe80::100
 vrrp 21 ipv6 2001:db8::101
 no vrrp 21 checksum-with-ipv4-pseudoheader""",
    "owner": """interface eth0
 vrrp 1 priority 255
 vrrp 1 ip 192.0.2.1
 vrrp 1 ip 203.0.113.2
 vrrp 1 placement vip-interface
 do show vrrp interface eth0 1 json
 vrrp 1 shutdown
 no vrrp 1 shutdown
 no vrrp 1""",
    "global": """vrrp vip-interface vip1
vrrp route-table 200
vrrp address-lease 0
vrrp autoconfigure version 2
vrrp default priority 120
vrrp default advertisement-interval 300
no vrrp default preempt
vrrp default shutdown
interface r0
 vrrp 5
 vrrp 5 priority 100
 vrrp 6 ip 203.0.113.1
exit
no vrrp vip-interface
no vrrp default preempt
no vrrp default priority""",
    "autoconfigure": """vrrp default priority 120
vrrp autoconfigure
up
interface eth0
 vrrp 10 priority 20
 no vrrp 10
interface eth1
 vrrp 20 shutdown
no vrrp autoconfigure
interface eth0
 vrrp 10 priority 20
vrrp autoconfigure version 2
down
do show vrrp json""",
    "moved": """interface eth0
 vrrp 10 ip 203.0.113.1
 no vrrp 10 ip 203.0.113.1
interface eth1
 vrrp 10 ip 203.0.113.1
 vrrp 11 ip 203.0.113.1
no interface r0""",
    # found: written after the interfaces, vip-interface came too late for vip0
    "vip-interface-moved": """vrrp vip-interface vip1
interface vip0
 vrrp 20""",
    # found: the name that "no" goes back to may have groups itself
    "vip-interface-taken": """vrrp vip-interface vip1
interface vip0
 vrrp 20
exit
no vrrp vip-interface""",
    # found: VRRPv2 took a default interval that is not of whole seconds
    "default-not-in-seconds": """vrrp default advertisement-interval 300
interface eth1
 vrrp 20 version 2
 vrrp 20 ip 198.51.100.7""",
    # found: libfrr cuts the name, so nobody saw that the address was taken
    "name-too-long": """interface eth0
 vrrp 10 ip 203.0.113.1
interface sixteen-octets-1
 vrrp 10 ip 203.0.113.1
interface eth0
 vrrp 11 ip 203.0.113.1""",
    "refused": """interface eth0
 vrrp 10 peer 192.0.2.1
 vrrp 10 ip 127.0.0.1
 vrrp 10 ip 192.0.2.1
 vrrp 10 ipv6 ff02::12
 vrrp 10 advertisement-interval 15
 vrrp 10 version 2
 vrrp 10 ipv6 2001:db8::100
vrrp route-table 254
vrrp vip-interface eth0
vrrp address-lease 2""",
}

GROUP = "/frr-interface:lib/interface[name='%s']/frr-vrrpd:vrrp/vrrp-group[virtual-router-id='%d']"


def edits(name, vrid, *leaves):
    group = GROUP % (name, vrid)
    return "".join(f"+ {group}{leaf}\n" for leaf in ("",) + leaves) + "commit\n"


SERVICES = {
    "ipvs": """ipvs service web tcp 203.0.113.1 80
ipvs service web scheduler sh fallback by-port
ipvs service web persistent 300
ipvs service web always
ipvs service web quorum 3
ipvs service web inhibit
ipvs service web sorry-server 192.0.2.99 80 forwarding tunnel
ipvs service web check http /health interval 1 timeout 1 fall 2 rise 2 source 192.0.2.1 status 204,301-302 host www.example.com keepalive-time 30 match all is well
ipvs service web check https / interval 1 timeout 1 fall 2 rise 2 sni www.example.com ca-file /etc/ssl/ca.pem
ipvs service web check dns www.example.com interval 1 port 53 type aaaa
ipvs service web check udp interval 1 payload 12ff reply 12..
ipvs service web check smtp interval 1 port 25 helo www.example.com
ipvs service web check file /tmp/x interval 1
ipvs service web check command /bin/true interval 1 arguments {address} {port}
ipvs service web server 192.0.2.11 80 weight 5
ipvs service web server 192.0.2.11 80 check none
ipvs service web server 192.0.2.12 8080 forwarding masquerade upper-threshold 10 lower-threshold 5
ipvs service web server 2001:db8::11 80 forwarding tunnel encapsulation gue port 6080
ipvs service web server 2001:db8::11 80 check tcp
ipvs timeout tcp 300
do show ipvs web""",
    "ipvs-mark": """ipvs service dns fwmark 7 ipv6
ipvs service dns one-packet
ipvs service dns server 2001:db8::11 0
ipvs sync-daemon interface eth0 sync-id 5 settle 30
ipvs service web udp 203.0.113.1 53
ipvs service web one-packet
ipvs service web fwmark 8
no ipvs service web fwmark 8
no ipvs service dns server 2001:db8::11 0
no ipvs sync-daemon""",
    "ipvs-refused": """ipvs service web tcp 203.0.113.1 80
ipvs service web one-packet
ipvs service dns tcp 203.0.113.1 80
ipvs service web scheduler rr fallback
ipvs service web server 192.0.2.11 81
ipvs service web server 2001:db8::11 80
ipvs service web server 192.0.2.11 80 encapsulation gre
ipvs service web server 192.0.2.11 80 lower-threshold 5
ipvs service web check http x
ipvs service web server 192.0.2.11 80
ipvs service web sorry-server 192.0.2.11 80""",
}


def config():
    for name, text in GROUPS.items():
        yield name, text.encode() + b"\n"
        yield name + "-up", b"up\n" + text.encode() + b"\n"
    for name, text in SERVICES.items():
        yield name, text.encode() + b"\n"
    service = "/frr-crossvip:ipvs/service[name='web']"
    yield "edits-ipvs", "".join(f"+ {service}{leaf}\ncommit\n" for leaf in (
        "/firewall-mark/mark 7", "/scheduler/fallback true", "/check/kind tcp", "/check/path /x",
        "/server[address='192.0.2.11'][port='0']/encapsulation gue", "/sorry-server/port 0",
    )).encode()
    unicast = edits("eth0", 10, "/priority 150", "/v4/virtual-address[.='203.0.113.1']",
                    "/v4/frr-crossvip:peer[.='192.0.2.2']", "/frr-crossvip:announce/tag 7",
                    "/frr-crossvip:placement vip-interface", "/advertisement-interval 50")
    yield "edits", unicast.encode()
    yield "edits-refused", (unicast + edits("eth1", 10, "/v4/virtual-address[.='203.0.113.1']") +
                            edits("eth1", 11, "/version 2", "/advertisement-interval 150")).encode()
    # found: a delay that no line of the configuration said
    yield "edits-delay-of-nothing", edits("eth0", 20, "/preempt false",
                                          "/frr-crossvip:preempt-delay 255").encode()
    yield "edits-removed", (unicast + f"- {GROUP % ('eth0', 10)}/v4/frr-crossvip:peer[.='192.0.2.2']\n"
                            "commit\n" f"- {GROUP % ('eth0', 10)}\n" "commit\n").encode()
    yield "edits-take-over", ("vrrp autoconfigure\nup\n- /frr-crossvip:vrrp/autoconfigure\n" +
                              edits("eth0", 10, "/priority 20")).encode()
    yield "edits-global", (b"+ /frr-crossvip:vrrp/vip-interface vip1\n"
                           b"+ /frr-crossvip:vrrp/route-table 254\ncommit\n"
                           b"+ /frr-crossvip:vrrp/autoconfigure 2\ncommit\n"
                           b"- /frr-crossvip:vrrp/autoconfigure\ncommit\n")


def main():
    target, folder = sys.argv[1:]
    for name, data in {"packet": packet, "receive": receive, "config": config}[target]():
        with open(os.path.join(folder, "seed-" + name), "wb") as out:
            out.write(data)


if __name__ == "__main__":
    main()
