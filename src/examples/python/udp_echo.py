import asyncore
import socket
import sys


class UdpEcho(asyncore.dispatcher):
    def __init__(self, host, port):
        asyncore.dispatcher.__init__(self)
        self.create_socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.bind((host, port))

    def writable(self):
        return False

    def handle_read(self):
        data, sender = self.socket.recvfrom(8192)
        try:
            self.socket.sendto(data, sender)
        except BlockingIOError:
            pass  # No room: this one is lost, as datagrams may be.


if __name__ == "__main__":
    UdpEcho("127.0.0.1", int(sys.argv[1]))
    asyncore.loop()
