# SPDX-License-Identifier: GPL-2.0-or-later
"""
A daemon's vty socket, spoken as vtysh speaks it, without starting a process.

A command goes out ending in NUL; the answer ends in three NULs and the status.
"""
import socket

CMD_SUCCESS = 0
CMD_WARNING = 1


class VtyError(Exception):
    """The daemon cannot be asked, or says that the command failed."""


class Session:
    """One that goes on: commands in enable mode, while its with-block runs."""

    def __init__(self, path, timeout=20):
        self.path = path
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._sock.settimeout(timeout)

    def __enter__(self):
        self._sock.connect(self.path)
        _ask(self._sock, "enable")
        return self

    def __exit__(self, *_):
        self._sock.close()

    def ask(self, command):
        """Runs one; returns its output."""
        return _ask(self._sock, command)


def vty_command(path, command, timeout=20):
    """Runs one command in enable mode on the socket at path; returns its output."""
    try:
        with Session(path, timeout) as session:
            return session.ask(command)
    except OSError as error:
        raise VtyError(f"{path}: '{command}': {error}") from error


def _ask(sock, command):
    sock.sendall(command.encode() + b"\0")
    answer = b""
    while answer[-4:-1] != b"\0\0\0":
        piece = sock.recv(65536)
        if not piece:
            raise VtyError(f"the daemon hung up on '{command}'")
        answer += piece
    text = answer[:-4].decode(errors="replace")
    if answer[-1] not in (CMD_SUCCESS, CMD_WARNING):
        raise VtyError(f"'{command}' failed with status {answer[-1]}: {text}")
    return text
