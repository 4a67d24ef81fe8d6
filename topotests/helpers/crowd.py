# SPDX-License-Identifier: GPL-2.0-or-later
"""Very many TCP connections that are idle, and servers that answer each when it says something."""
import os
import resource
import select
import socket
import threading

DESCRIPTORS = 500_000
BACKLOG = 4096
# how long an answer may take before nobody is waited for any more
PATIENCE_SEC = 20
CONNECT_SEC = 30


def in_namespace(node, function):
    """What a function returns in the network namespace of a node; it may leave sockets there."""
    results, errors = [], []

    def run():
        namespace = os.open(node.net(), os.O_RDONLY)
        try:
            os.setns(namespace, os.CLONE_NEWNET)
            results.append(function())
        except OSError as error:
            errors.append(error)
        finally:
            os.close(namespace)

    # setns moves only the thread that calls it, and this one ends at once
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def allow_many():
    """This process may have that many sockets."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))


class Echo(threading.Thread):
    """A server on a node that sends back what it gets, both families, while its with-block runs."""

    def __init__(self, node, port):
        super().__init__(daemon=True)
        allow_many()
        self._listener = in_namespace(node, lambda: self._listen(port))
        self._ended = threading.Event()
        self._peers = {}

    @staticmethod
    def _listen(port):
        listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(("::", port))
        listener.listen(BACKLOG)
        listener.setblocking(False)
        return listener

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self.join()

    def run(self):
        poll = select.epoll()
        poll.register(self._listener, select.EPOLLIN)
        while not self._ended.is_set():
            for descriptor, _ in poll.poll(0.2):
                if descriptor == self._listener.fileno():
                    self._accept(poll)
                else:
                    self._answer(descriptor)
        for peer in (self._listener, *self._peers.values()):
            peer.close()
        poll.close()

    def _accept(self, poll):
        while True:
            try:
                peer, _ = self._listener.accept()
            except BlockingIOError:
                return
            peer.setblocking(False)
            self._peers[peer.fileno()] = peer
            poll.register(peer, select.EPOLLIN)

    def _answer(self, descriptor):
        peer = self._peers[descriptor]
        try:
            said = peer.recv(16)
            if said:
                peer.send(said)
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        del self._peers[descriptor]
        peer.close()


class Crowd:
    """Connections of a node; they are closed with its with-block."""

    def __init__(self, node):
        allow_many()
        self._node, self._sockets = node, []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for sock in self._sockets:
            # by a reset, so that ports may be used again
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            sock.close()

    def open(self, addresses, port, count, sources=(None,)):
        """That many connections to these addresses and from these sources in turn."""

        def connect():
            for i in range(count):
                target = addresses[i % len(addresses)]
                source = sources[i % len(sources)]
                self._sockets.append(
                    socket.create_connection(
                        (target, port), CONNECT_SEC, source and (source, 0)
                    )
                )

        in_namespace(self._node, connect)

    def living(self):
        """Each says something: how many are answered."""
        waiting, living = {}, 0
        poll = select.epoll()
        for sock in self._sockets:
            sock.setblocking(False)
            try:
                sock.send(b"x")
            except OSError:
                continue
            waiting[sock.fileno()] = sock
            poll.register(sock, select.EPOLLIN)
        while waiting:
            ready = poll.poll(PATIENCE_SEC)
            if not ready:
                break
            for descriptor, _ in ready:
                living += _is_answered(waiting[descriptor])
                poll.unregister(descriptor)
                del waiting[descriptor]
        poll.close()
        return living


def _is_answered(sock):
    try:
        return sock.recv(16) == b"x"
    except OSError:
        return False
