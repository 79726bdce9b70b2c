"""CPython's own asyncore and asynchat, as a server of the comparison: KIND RECEIVE_BYTES STYLE."""

import asynchat
import asyncore
import os
import socket
import sys
import threading

BACKLOG = 1024


def without_nagle(sock):
    """As Netty and the shim do; else answers of several lines would wait for 40 ms."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Echo(asyncore.dispatcher):
    """Echoes with recv and send; while a rest is left, nothing more is read."""

    rest = b""

    def __init__(self, sock):
        super().__init__(sock)
        without_nagle(sock)

    def readable(self):
        return not self.rest

    def writable(self):
        return bool(self.rest)

    def handle_read(self):
        data = self.recv(RECEIVE_BYTES)
        if data:
            self.rest = data[self.send(data):]

    def handle_write(self):
        self.rest = self.rest[self.send(self.rest):]

    def handle_close(self):
        self.close()


class LineEcho(asynchat.async_chat):
    """Answers each line with itself, by one push."""

    def __init__(self, sock):
        super().__init__(sock)
        without_nagle(sock)
        self.ac_in_buffer_size = RECEIVE_BYTES
        self.set_terminator(b"\r\n")

    def collect_incoming_data(self, data):
        self._collect_incoming_data(data)

    def found_terminator(self):
        self.push(self._get_data() + b"\r\n")


class Listener(asyncore.dispatcher):
    def __init__(self):
        super().__init__()
        self.create_socket()
        self.set_reuse_addr()
        self.bind(("127.0.0.1", 0))
        self.listen(BACKLOG)

    def handle_accepted(self, sock, addr):
        if KIND == "lines":
            LineEcho(sock)
        else:
            Echo(sock)


def room():
    """The chat room of the examples."""
    examples = os.path.join(os.path.dirname(__file__), "..", "..", "examples", "python")
    sys.path.insert(0, examples)
    import chat_room

    class Room(chat_room.ChatRoom):
        def handle_accepted(self, sock, addr):
            without_nagle(sock)
            super().handle_accepted(sock, addr)

    return Room("127.0.0.1", 0)


def end_with_standard_input():
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    KIND, RECEIVE_BYTES, STYLE = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    listener = room() if KIND == "room" else Listener()
    print("listening", listener.socket.getsockname()[1], flush=True)
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    asyncore.loop(use_poll=STYLE == "poll")
