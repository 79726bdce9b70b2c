"""An echo over UDP, and the client in the same loop."""

import asyncore
import socket


class Echo(asyncore.dispatcher):
    def __init__(self):
        asyncore.dispatcher.__init__(self)
        self.create_socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.bind(('127.0.0.1', 0))

    def writable(self):
        return False

    def handle_connect(self):
        print('server: connect')

    def handle_read(self):
        data, addr = self.socket.recvfrom(1024)
        print('server:', data, addr[0])
        self.socket.sendto(data.upper(), addr)


class Client(asyncore.dispatcher):
    def __init__(self, address, words):
        asyncore.dispatcher.__init__(self)
        self.create_socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.connect(address)
        self.words = words

    def handle_connect(self):
        print('client: connect')

    def writable(self):
        return bool(self.words)

    def handle_write(self):
        print('client: sent', self.send(self.words.pop(0)))

    def handle_read(self):
        data = self.recv(1024)
        print('client:', data)
        if data == b'LAST':
            self.close()
            server.close()


server = Echo()
Client(server.socket.getsockname(), [b'one', b'two', b'three', b'last'])
asyncore.loop(timeout=5)
print(asyncore.socket_map)
