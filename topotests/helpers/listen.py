# SPDX-License-Identifier: GPL-2.0-or-later
"""Sockets of other network namespaces, and a thread that reads several of them."""
import os
import select
import socket
import struct
import sys
import threading
import time


def socket_in(node, *args):
    """socket.socket(*args) in the network namespace of a node."""
    made = []

    def make():
        namespace = os.open(node.net(), os.O_RDONLY)
        try:
            os.setns(namespace, os.CLONE_NEWNET)
            made.append(socket.socket(*args))
        finally:
            os.close(namespace)

    # setns moves only the thread that calls it, and this one ends at once
    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    if not made:
        raise OSError(f"no socket in the network namespace of {node.name}")
    return made[0]


SO_RCVBUFFORCE = 33
SOL_NETLINK, NETLINK_LISTEN_ALL_NSID = 270, 8
NLM_F_REQUEST, NLM_F_ACK = 1, 4
RTM_NEWNSID, RTM_GETNSID, NETNSA_NSID, NETNSA_FD = 88, 90, 1, 3
URGENT = -15
# for what waits in the sockets at the end, where it does not cease to come
REST_SEC = 5


def namespace_id(node):
    """The number that this network namespace has, or now gets, for that of a node."""
    with open(node.net(), "rb") as net, socket.socket(
        socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE
    ) as sock:
        for kind in (RTM_NEWNSID, RTM_GETNSID):
            body = struct.pack("=B3xHHiHHi", 0, 8, NETNSA_NSID, -1, 8, NETNSA_FD, net.fileno())
            head = struct.pack("=IHHII", 16 + len(body), kind, NLM_F_REQUEST | NLM_F_ACK, 0, 0)
            sock.send(head + body)
            answer = sock.recv(4096)  # to the first: that it is made, or has been there
    return struct.unpack_from("=HHi", answer, 20)[2]


class Listener:
    """Reads its sockets, each under a name, while its with-block runs."""

    BYTES = 4 << 20

    def __init__(self):
        self._names = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def listen_to(self, name, sock):
        """
        Takes a socket over; its buffer holds what comes while nobody reads. name: or one for each ID
        of a network namespace.
        """
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, self.BYTES)
        self._names[sock] = name

    def listen_to_kernels(self, nodes, groups):
        """
        Events of those groups of rtnetlink from the kernels of nodes, by the nodes' names. They come
        by one socket, so in the order in which they happened.
        """
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        sock.setsockopt(SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, 1)
        sock.bind((0, groups))
        self.listen_to({namespace_id(node): node.name for node in nodes}, sock)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        for sock in self._names:
            sock.close()

    def _listen(self):
        # of this thread alone: what it reads has the time at which it is read
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), URGENT)
        deadline = None
        while deadline is None or time.monotonic() < deadline:
            if self._stop.is_set() and deadline is None:
                deadline = time.monotonic() + REST_SEC
            ready, _, _ = select.select(list(self._names), [], [], 0 if deadline else 0.2)
            if deadline and not ready:
                return  # what had come before the end has been read
            now = time.monotonic()  # which of these was first cannot be known
            for sock in ready:
                self._read(now, sock)

    def _read(self, now, sock):
        data, control, _, _ = sock.recvmsg(1 << 18, 64)
        name = self._names[sock]
        if isinstance(name, dict):
            name = name.get(int.from_bytes(control[0][2], sys.byteorder)) if control else None
        if name:
            self.hear(now, name, data)

    def hear(self, now, name, data):
        """The data that was read, the time, and the name of the socket."""
        raise NotImplementedError
