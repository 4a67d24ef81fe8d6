# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy ipvs modules ns veth
"""
Health checks of real servers, unbound, OpenSMTPD and nginx: up, down, slow and lying; and by what runs or
lies on the director itself. The same words are for servers of IPVS and for what groups
track.

r1 balances, h1 serves. The group of r1 is shut down, and tracks the check c.
"""
import os
import shutil

import pytest

from helpers import ipvs
from helpers.daemons import smtpd, unbound
from helpers.namespace import Namespace, link
from helpers.nginx import start_nginx, stop_nginx
from helpers.wait import differs, wait_for, wait_logged

R1, H1 = Namespace("r1"), Namespace("h1")
SERVER = {"v4": "192.0.2.2", "v6": "2001:db8::2"}
FILES = "/tmp/server-checks"
ONCE = "interval 1 timeout 2 fall 1"
# A question for the IPv4 address of www.example.com, and what its answer begins with: the ID of the question,
# and that this server knows it itself.
NAME = "".join(f"{len(label):02x}{label.encode().hex()}" for label in ("www", "example", "com", ""))
QUESTION = f"123401000001000000000000{NAME}00010001"
ANSWER = "1234858000010001"


@pytest.fixture(name="net", scope="module", autouse=True)
def fixture_net():
    """A link, and services on addresses of no group, so that they are in the kernel at once."""
    for node in (R1, H1):
        node.build()
    link("eth0", R1, "eth0", H1)
    for node, number in ((R1, 1), (H1, 2)):
        node.must_run(
            f"ip address add 192.0.2.{number}/24 dev eth0;"
            f"ip address add 2001:db8::{number}/64 dev eth0 nodad"
        )
    # a closed port is told of each time
    H1.must_run("sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0")
    R1.write_conf(
        "interface eth0",
        " vrrp 10",
        " vrrp 10 shutdown",
        " vrrp 10 track check c decrement 1",
        "exit",
        *(
            line
            for name, port in (("dns", 53), ("mail", 25), ("web", 443))
            for line in (
                f"ipvs service {name} {'udp' if port == 53 else 'tcp'} 203.0.113.90 {port}",
                f"ipvs service {name} server {SERVER['v4']} {port}",
                f"ipvs service {name}6 {'udp' if port == 53 else 'tcp'} 2001:db8:ffff::90 {port}",
                f"ipvs service {name}6 server {SERVER['v6']} {port}",
            )
        ),
    )
    R1.boot()
    os.makedirs(FILES)
    yield
    for node in (R1, H1):
        node.demolish()
    shutil.rmtree(FILES)


@pytest.fixture(name="dns", scope="module")
def fixture_dns():
    """unbound runs."""
    server = unbound(H1)
    server.start()
    yield server
    server.stop()


@pytest.fixture(name="mail", scope="module")
def fixture_mail():
    """OpenSMTPD runs."""
    server = smtpd(H1, SERVER)
    server.start()
    yield server
    server.stop()


@pytest.fixture(name="web", scope="module")
def fixture_web():
    """nginx runs, with a certificate for the host h1 that is its own authority."""
    start_nginx(H1)
    yield H1
    stop_nginx(H1)


def wait_server(name, health, reason):
    """Its one server is in that health and for that reason, and gets connections or none."""

    def seen():
        (server,) = ipvs.shown_service(R1, name)["servers"].values()
        return differs(
            (server["health"], server.get("healthReason"), "effectiveWeight" in server),
            (health, reason, health == "up"),
        )

    wait_for(f"the server of {name} is {health}: {reason}", seen)


def wait_tracked(state, reason=None):
    """The check c is in that state, and why."""

    def seen():
        objects = R1.show_json("vrrpd", "show vrrp track json")
        (found,) = [one for one in objects if one["name"] == "c"]
        return differs((found.get("state"), found.get("reason")), (state, reason))

    wait_for(f"c is {state}: {reason}", seen)


def check(name, words, health="up", reason="ok"):
    """Configures a check, which is shown as it was typed, and waits for what it finds."""
    line = f"ipvs service {name} check {words}"
    R1.configure(line)
    assert line in R1.running_config()
    wait_server(name, health, reason)


DNS_ROWS = {
    "name that is there": ("dns www.example.com", "up", "ok"),
    "record that is there": ("dns example.com {once} type mx", "up", "ok"),
    "record that is not": ("dns www.example.com {once} type aaaa", "down", "no such record"),
    "name that is not": ("dns none.example.com", "down", "answer is NXDOMAIN"),
    "zone that is refused": ("dns www.refused.example", "down", "answer is REFUSED"),
    "another port": ("dns www.example.com {once} port 54", "down", "connection refused"),
    "datagram that is answered": (f"udp {{once}} payload {QUESTION} reply {ANSWER}", "up", "ok"),
    "datagram with another answer": (
        f"udp {{once}} payload {QUESTION} reply ..35",
        "down",
        "another answer than the reply",
    ),
    "datagram that is not understood": ("udp {once} payload 00 reply ..", "down", "no answer in 2 s"),
    "datagram that need not be": ("udp {once} payload 00", "up", "ok"),
    "datagram to another port": ("udp {once} port 54", "down", "connection refused"),
}


def with_times(words):
    """The words with those of ONCE, at the place where they are shown."""
    return words.format(once=ONCE) if "{once}" in words else f"{words} {ONCE}"


@pytest.mark.parametrize("case", DNS_ROWS)
@pytest.mark.parametrize("family", SERVER)
def test_dns_server_as_it_answers(dns, family, case):
    """By DNS itself, and by its octets."""
    words, health, reason = DNS_ROWS[case]
    name = "dns" if family == "v4" else "dns6"
    check(name, with_times(words), health, reason)


MAIL_ROWS = {
    "server": ("smtp", "up", "ok"),
    "server that is told a name": ("smtp {once} helo r1.example.com", "up", "ok"),
    "server that takes nobody": ("smtp {once} port 2525", "down", "status 554 as greeting"),
    "server that takes no name": ("smtp {once} port 2526", "down", "status 550 to EHLO"),
    "another port": ("smtp {once} port 2527", "down", "connection refused"),
}


@pytest.mark.parametrize("case", MAIL_ROWS)
def test_mail_server_as_it_answers(mail, case):
    """It lies by its filters."""
    words, health, reason = MAIL_ROWS[case]
    check("mail", with_times(words), health, reason)


def test_mail_server_over_ipv6(mail):
    """It is told an address of that family, which it has to take for one."""
    check("mail6", with_times("smtp"))


CERTIFICATE = f"{H1.log_directory}/nginx.crt"
WEB_ROWS = {
    "any certificate": ("https /health", "up", "ok"),
    "statuses": ("https /health {once} status 200,204", "up", "ok"),
    "another status": ("https /health {once} status 204,300-399", "down", "status 200"),
    "certificate for the host": (f"https /health {{once}} host h1 ca-file {CERTIFICATE}", "up", "ok"),
    "certificate for the name in TLS": (
        f"https /health {{once}} host www.example.com sni h1 ca-file {CERTIFICATE}",
        "up",
        "ok",
    ),
    "certificate for another name": (
        f"https /health {{once}} host h1 sni www.example.com ca-file {CERTIFICATE}",
        "down",
        "certificate is for another name",
    ),
    "certificate of another authority": (
        "https /health {once} host h1 ca-file /tmp/other.crt",
        "down",
        "certificate is of another authority",
    ),
}


@pytest.mark.parametrize("case", WEB_ROWS)
@pytest.mark.parametrize("family", SERVER)
def test_web_server_as_it_answers(web, family, case):
    """By its status, and by its certificate."""
    web.must_run(
        "test -e /tmp/other.crt || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256"
        " -nodes -days 2 -subj /CN=h1 -keyout /tmp/other.key -out /tmp/other.crt"
    )
    words, health, reason = WEB_ROWS[case]
    check("web" if family == "v4" else "web6", with_times(words), health, reason)


def up_slow_up_down_up(server, name):
    """What happens to a server that stands still, goes on, ends, and is started."""
    wait_server(name, "up", "ok")
    server.stand_still()
    wait_server(name, "down", "no answer in 2 s")
    server.go_on()
    wait_server(name, "up", "ok")
    server.stop()
    wait_server(name, "down", "connection refused")
    server.start()
    wait_server(name, "up", "ok")


def test_dns_server_slow_and_gone(dns):
    """It is up again by itself."""
    check("dns", with_times("dns www.example.com"))
    up_slow_up_down_up(dns, "dns")


def test_mail_server_slow_and_gone(mail):
    """The same."""
    check("mail", with_times("smtp"))
    up_slow_up_down_up(mail, "mail")


def test_what_groups_track(dns, mail, web):
    """The same words, with milliseconds."""
    times = "interval 500 timeout 900 fall 1"
    for words, state, reason in (
        (f"dns {SERVER['v4']} 53 www.example.com {times}", "up", None),
        (f"dns {SERVER['v6']} 53 none.example.com {times}", "down", "answer is NXDOMAIN"),
        (f"udp {SERVER['v6']} 53 {times} payload {QUESTION} reply {ANSWER}", "up", None),
        (f"udp {SERVER['v4']} 54 {times}", "down", "connection refused"),
        (f"smtp {SERVER['v6']} 25 {times} helo r1.example.com", "up", None),
        (f"smtp {SERVER['v4']} 2525 {times}", "down", "status 554 as greeting"),
        (
            f"https {SERVER['v6']} 443 /health {times} status 200,204 sni h1 ca-file {CERTIFICATE}",
            "up",
            None,
        ),
    ):
        R1.configure(f"vrrp check c {words}")
        assert f"vrrp check c {words}" in R1.running_config()
        wait_tracked(state, reason)


def write(name, text, mode=0o644):
    """A file that is there as a whole; returns its path."""
    path = f"{FILES}/{name}"
    with open(f"{path}.new", "w", encoding="ascii") as file:
        file.write(text)
    os.chmod(f"{path}.new", mode)
    os.rename(f"{path}.new", path)
    return path


def test_file_takes_a_server_out_and_lets_it_in():
    """Whoever writes another number than 0 into it, or removes it, takes the server out."""
    path = write("out", "0\n")
    check("mail", f"file {path} interval 1 fall 1")
    write("out", "1\n")
    wait_server("mail", "down", "its number is 1")
    write("out", "0\n")
    wait_server("mail", "up", "ok")
    os.remove(path)
    wait_server("mail", "down", "there is no such file")
    write("out", "out\n")
    wait_server("mail", "down", "it does not begin with a number from 0 to 254")
    write("out", "0")
    wait_server("mail", "up", "ok")


def test_command_of_a_service_knows_the_server():
    """By words in its arguments; the server's own check is another."""
    path = write("up", f'#!/bin/sh\necho "$*"\ntest ! -e {FILES}/ill\n', 0o755)
    here = f"{SERVER['v4']} 25"
    check("mail", f"command {path} interval 1 fall 1 arguments -a {{address}} {{port}}", "up", f"-a {here}")
    write("ill", "")
    wait_server("mail", "down", f"status 1: -a {here}")
    os.remove(f"{FILES}/ill")
    wait_server("mail", "up", f"-a {here}")
    R1.configure(f"ipvs service mail server {here} check command {path} interval 1 fall 1 arguments own")
    wait_server("mail", "up", "own")
    R1.configure(f"no ipvs service mail server {here} check")


def test_server_that_returns_starts_slowly():
    """Its weight grows, step by step, to the whole."""
    path, weights = write("slow", "0"), []

    def weight():
        (server,) = ipvs.shown_service(R1, "web")["servers"].values()
        return server.get("effectiveWeight")

    def growing():
        weights.append(weight())
        return differs(weights[-1], 700)

    R1.configure(
        "ipvs service web slow-start 30",
        f"ipvs service web server {SERVER['v4']} 443 weight 7",
        f"ipvs service web check file {path} interval 1 fall 1",
    )
    assert "ipvs service web slow-start 30" in R1.running_config()
    wait_server("web", "up", "ok")
    wait_for("its weight is whole", lambda: differs(weight(), 700))
    write("slow", "1")
    wait_server("web", "down", "its number is 1")
    write("slow", "0")
    wait_server("web", "up", "ok")
    wait_for("its weight is whole again", growing)
    assert weights == sorted(weights) and 0 < weights[0] < 700 and len(set(weights)) > 3, weights
    R1.configure("no ipvs service web slow-start")
    wait_for("it is as it was", lambda: differs(weight(), 7))


def test_backup_pool_serves_while_too_few_are_up():
    """It goes on for the hold time, so that servers which come and go do not take it with them."""
    names = {"a": "192.0.2.2", "b": "192.0.2.3", "spare": "192.0.2.4"}

    def wait_weights(**expected):
        def seen():
            shown = ipvs.shown_service(R1, "pools")["servers"]
            weights = {name: shown[one].get("effectiveWeight") for name, one in names.items()}
            return differs(weights, expected)

        wait_for(f"the weights are {expected}", seen)

    R1.configure(
        "ipvs service pools tcp 203.0.113.91 80",
        "ipvs service pools pool threshold 60 hold 3600",
    )
    for name, address in names.items():
        server = f"ipvs service pools server {address} 80"
        R1.configure(
            f"{server} pool backup" if name == "spare" else server,
            f"{server} check file {write(name, '0')} interval 1 fall 1",
        )
    assert "ipvs service pools server 192.0.2.4 80 pool backup" in R1.running_config()
    assert "ipvs service pools pool threshold 60 hold 3600" in R1.running_config()
    wait_weights(a=1, b=1, spare=0)
    write("a", "1")
    wait_weights(a=None, b=1, spare=1)
    write("a", "0")
    wait_weights(a=1, b=1, spare=1)
    write("b", "1")
    wait_weights(a=1, b=None, spare=1)
    write("b", "0")
    wait_weights(a=1, b=1, spare=1)
    wait_logged(R1, "the backup pool serves:", 1)
    R1.configure("ipvs service pools pool threshold 60 hold 1")
    wait_weights(a=1, b=1, spare=0)
    wait_logged(R1, "the backup pool serves no more:", 1)
    R1.configure("ipvs service pools pool threshold 50")
    write("a", "1")
    wait_weights(a=None, b=1, spare=0)
    write("spare", "1")
    write("b", "1")
    wait_weights(a=None, b=None, spare=None)
    write("spare", "0")
    wait_weights(a=None, b=None, spare=1)
    R1.configure("no ipvs service pools tcp 203.0.113.91 80")
