import asyncore
import sys


class HTTPClient(asyncore.dispatcher):
    def __init__(self, host, port, path):
        asyncore.dispatcher.__init__(self)
        request = f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n"
        self.buffer = request.encode("ascii")
        self.create_socket()
        self.connect((host, port))

    def handle_connect(self):
        pass

    def handle_close(self):
        self.close()

    def handle_read(self):
        print(self.recv(8192).decode("latin-1"), end="", flush=True)

    def writable(self):
        return len(self.buffer) > 0

    def handle_write(self):
        sent = self.send(self.buffer)
        self.buffer = self.buffer[sent:]


if __name__ == "__main__":
    HTTPClient(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    asyncore.loop()
