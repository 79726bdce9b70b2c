import asynchat
import asyncore
import sys


class ChatSession(asynchat.async_chat):
    def __init__(self, room, sock):
        asynchat.async_chat.__init__(self, sock)
        self.room = room
        self.name = room.guest_name()
        self.leaving = False
        self.set_terminator(b"\n")

    def collect_incoming_data(self, data):
        self._collect_incoming_data(data)

    def found_terminator(self):
        line = self._get_data().decode("utf-8", "replace").strip()
        if self.leaving:
            return  # what was sent along with /quit
        if line == "/quit":
            self.leaving = True
            self.tell("bye")
            self.close_when_done()
        elif line == "/who":
            self.tell(", ".join(session.name for session in self.room.sessions))
        elif line.startswith("/name "):
            before, self.name = self.name, line[6:].strip()
            self.room.say(f"* {before} is now {self.name}")
        elif line:
            self.room.say(f"{self.name}: {line}")

    def tell(self, text):
        self.push((text + "\r\n").encode("utf-8"))

    def handle_close(self):
        asynchat.async_chat.handle_close(self)
        self.room.leave(self)


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
        session = ChatSession(self, sock)
        self.sessions.append(session)
        self.say(f"* {session.name} is here")

    def guest_name(self):
        self.guests += 1
        return f"guest{self.guests}"

    def say(self, text):
        for session in list(self.sessions):  # telling one may close it
            session.tell(text)

    def leave(self, session):
        if session in self.sessions:
            self.sessions.remove(session)
            self.say(f"* {session.name} has left")


if __name__ == "__main__":
    ChatRoom("127.0.0.1", int(sys.argv[1]))
    asyncore.loop()
