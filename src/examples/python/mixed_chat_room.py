import asyncore
import sys

import java

RoomSession = java.type("org.asyncore.examples.mixed.RoomSession")


class ChatRoom(asyncore.dispatcher):
    def __init__(self, host, port):
        asyncore.dispatcher.__init__(self)
        self.sessions = []
        self.guests = 0
        self.create_socket()
        self.set_reuse_addr()
        self.bind((host, port))
        self.listen(5)

    def handle_accepted(self, sock, addr):
        session = RoomSession(self, asyncore.java_socket(sock))
        self.sessions.append(session)
        self.say(f"* {session.name()} is here")

    def guestName(self):
        self.guests += 1
        return f"guest{self.guests}"

    def names(self):
        return ", ".join(session.name() for session in self.sessions)

    def say(self, text):
        for session in list(self.sessions):  # telling one may close it
            session.tell(text)

    def leave(self, session):
        if session in self.sessions:
            self.sessions.remove(session)
            self.say(f"* {session.name()} has left")


if __name__ == "__main__":
    ChatRoom("127.0.0.1", int(sys.argv[1]))
    asyncore.loop()
