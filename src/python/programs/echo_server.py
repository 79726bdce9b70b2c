"""The documentation's echo server, and a client for it."""

import asyncore
import socket
import threading


class EchoHandler(asyncore.dispatcher_with_send):

    def handle_read(self):
        data = self.recv(8192)
        if data:
            self.send(data)


class EchoServer(asyncore.dispatcher):

    def __init__(self, host, port):
        asyncore.dispatcher.__init__(self)
        self.create_socket(socket.AF_INET, socket.SOCK_STREAM)
        self.set_reuse_addr()
        self.bind((host, port))
        self.listen(5)

    def handle_accepted(self, sock, addr):
        print('Incoming connection from %s' % repr(addr[0]))
        handler = EchoHandler(sock)


def client(port):
    with socket.create_connection(('localhost', port)) as sock:
        for text in (b'one', b'two', b'x' * 100000, b'end'):
            sock.sendall(text)
            got = b''
            while len(got) < len(text):
                got += sock.recv(65536)
            print(len(got), got == text)


server = EchoServer('localhost', 0)
thread = threading.Thread(target=client, args=(server.socket.getsockname()[1],))
thread.start()
while thread.is_alive():
    asyncore.loop(timeout=0.05, count=1)
thread.join()
asyncore.loop(timeout=0.05, count=3)
print(len(asyncore.socket_map), server.accepting, server.connected)
asyncore.close_all()
