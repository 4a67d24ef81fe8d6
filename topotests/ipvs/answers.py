# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers of UDP or SCTP that answer with the name of their machine, and clients that ask them."""
import select
import socket
import threading

from fabric import UPLINKS, VIP
from helpers.listen import socket_in

KINDS = {"udp": (socket.SOCK_DGRAM, 0), "sctp": (socket.SOCK_STREAM, socket.IPPROTO_SCTP)}
FAMILIES = {"v4": socket.AF_INET, "v6": socket.AF_INET6}
PORT = 5300
PATIENCE_SEC = 1


def _socket(machine, protocol, family, *address):
    sock = socket_in(machine, FAMILIES[family], *KINDS[protocol])
    sock.bind(address)
    return sock


class Answers:
    """What machines with the VIPs answer, while its with-block runs."""

    def __init__(self, machines, protocol):
        self._names, self._listening, self._ended = {}, set(), threading.Event()
        for machine in machines:
            for family, vip in VIP.items():
                sock = _socket(machine, protocol, family, vip, PORT)
                self._names[sock] = machine.name.encode()
                if protocol != "udp":
                    sock.listen(99)
                    self._listening.add(sock)
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()
        for sock in self._names:
            sock.close()

    def _serve(self):
        while not self._ended.is_set():
            for sock in select.select(list(self._names), [], [], 0.1)[0]:
                if sock in self._listening:
                    self._names[sock.accept()[0]] = self._names[sock]
                else:
                    self._answer(sock)

    def _answer(self, sock):
        try:
            data, peer = sock.recvfrom(99)
            if data:
                sock.sendto(self._names[sock], *([peer] if peer else []))
        except OSError:
            data = b""
        if not data:
            del self._names[sock]
            sock.close()


class Flows:
    """Of datagrams, or associations, of a client with the VIP of a family; each has its own port."""

    def __init__(self, net, protocol, family, count):
        self._socks = []
        for _ in range(count):
            own = UPLINKS["client"][family == "v6"]
            sock = _socket(net.client, protocol, family, own, next(net.ports))
            sock.settimeout(5)
            sock.connect((VIP[family], PORT))
            self._socks.append(sock)

    def servers(self):
        """{port: who answers it; "": nobody}; each time they are asked in the opposite order."""
        self._socks.reverse()
        return {sock.getsockname()[1]: self._ask(sock) for sock in self._socks}

    @staticmethod
    def _ask(sock):
        try:
            sock.send(b"?")
            ready = select.select([sock], [], [], PATIENCE_SEC)[0]
            return sock.recv(99).decode() if ready else ""
        except OSError as error:
            return str(error)

    def close(self):
        """Ends them."""
        for sock in self._socks:
            sock.close()
