"""TLS of Netty's in front of a Python dispatcher, and a client with Python's ssl.

starttls.py FILE: it has the key and the certificate.
"""

import asynchat
import asyncore
import socket
import ssl
import sys
import threading

import java

KEYCERT = sys.argv[1]
Tls = java.type("org.asyncore.migrate.Tls")
SslContextBuilder = java.type("io.netty.handler.ssl.SslContextBuilder")
File = java.type("java.io.File")
context = SslContextBuilder.forServer(File(KEYCERT), File(KEYCERT)).build()


class Session(asynchat.async_chat):
    def __init__(self, sock):
        asynchat.async_chat.__init__(self, sock)
        self.set_terminator(b"\n")
        self.data = []

    def collect_incoming_data(self, data):
        self.data.append(data)

    def found_terminator(self):
        line = b"".join(self.data)
        self.data = []
        if line == b"STARTTLS":
            self.push(b"go\n")
            Tls.start(asyncore.java_dispatcher(self), context)
        elif line == b"quit":
            self.push(b"bye\n")
            self.close_when_done()
        else:
            self.push(line[::-1] + b"\n")


class Server(asyncore.dispatcher):
    def __init__(self):
        asyncore.dispatcher.__init__(self)
        self.create_socket()
        self.bind(("127.0.0.1", 0))
        self.listen(1)

    def handle_accepted(self, sock, addr):
        Session(sock)
        self.close()


def client(port):
    with socket.create_connection(("127.0.0.1", port), 30) as sock:
        sock.sendall(b"plain\n")
        print(sock.recv(100))
        sock.sendall(b"STARTTLS\n")
        print(sock.recv(100))
        unchecked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        unchecked.check_hostname = False
        unchecked.verify_mode = ssl.CERT_NONE
        with unchecked.wrap_socket(sock) as secure:
            secure.sendall(b"secret\n")
            print(secure.recv(100))
            secure.sendall(b"quit\n")
            print(secure.recv(100), secure.version())
            print(secure.recv(100))  # the server closes first


server = Server()
thread = threading.Thread(target=client, args=(server.socket.getsockname()[1],))
thread.start()
asyncore.loop(timeout=5)
thread.join()
print(asyncore.socket_map)
