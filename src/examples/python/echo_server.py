import asyncore
import sys


class EchoHandler(asyncore.dispatcher_with_send):
    def handle_read(self):
        data = self.recv(8192)
        if data:
            self.send(data)


class EchoServer(asyncore.dispatcher):
    def __init__(self, host, port):
        asyncore.dispatcher.__init__(self)
        self.create_socket()
        self.set_reuse_addr()
        self.bind((host, port))
        self.listen(5)

    def handle_accepted(self, sock, addr):
        print("connection from", addr, flush=True)
        EchoHandler(sock)


if __name__ == "__main__":
    EchoServer("127.0.0.1", int(sys.argv[1]))
    asyncore.loop()
