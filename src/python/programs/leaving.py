"""What a Python object raises that a Java dispatcher calls: what leaves a loop leaves this one."""

import asyncore
import socket

import java

RoomSession = java.type("org.asyncore.examples.mixed.RoomSession")


class Listener(asyncore.dispatcher):
    def __init__(self, raised):
        asyncore.dispatcher.__init__(self)
        self.raised = raised
        self.create_socket()
        self.bind(("127.0.0.1", 0))
        self.listen(1)

    def handle_accepted(self, sock, addr):
        RoomSession(self, asyncore.java_socket(sock))
        self.close()

    def guestName(self):
        return "guest"

    def names(self):
        return "nobody"

    def say(self, text):
        print("said", text)
        raise self.raised

    def leave(self, session):
        print("left")


for raised in (asyncore.ExitNow("out"), SystemExit(5), KeyboardInterrupt(), ValueError("mine")):
    listener = Listener(raised)
    with socket.create_connection(listener.socket.getsockname()) as client:
        client.sendall(b"hello\n")
        try:
            asyncore.loop(timeout=5)
            print("the end of the loop")
        except BaseException as error:
            print("out of the loop:", repr(error), error is raised, len(asyncore.socket_map))
        asyncore.close_all()
