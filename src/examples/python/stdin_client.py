import asyncore
import socket
import sys


class Connection(asyncore.dispatcher_with_send):
    def __init__(self, host, port):
        asyncore.dispatcher_with_send.__init__(self)
        self.input = Input(self)
        self.input_ended = False
        self.create_socket()
        self.connect((host, port))

    def handle_connect(self):
        pass

    def handle_read(self):
        print(self.recv(8192).decode("latin-1"), end="", flush=True)

    def writable(self):
        return self.input_ended or asyncore.dispatcher_with_send.writable(self)

    def handle_write(self):
        asyncore.dispatcher_with_send.handle_write(self)
        if self.input_ended and self.connected and not self.out_buffer:
            self.input_ended = False
            self.socket.shutdown(socket.SHUT_WR)  # The peer sees the end.

    def handle_close(self):
        self.close()
        self.input.close()


class Input(asyncore.file_dispatcher):
    def __init__(self, connection):
        asyncore.file_dispatcher.__init__(self, sys.stdin)
        self.connection = connection

    def readable(self):
        return self.connection.connected

    def writable(self):
        return False

    def handle_read(self):
        self.connection.send(self.recv(8192))

    def handle_close(self):
        self.close()
        self.connection.input_ended = True


if __name__ == "__main__":
    Connection(sys.argv[1], int(sys.argv[2]))
    asyncore.loop()
