"""The documentation's HTTP client, against a server of the standard library."""

import asyncore
import http.server
import threading


class HTTPClient(asyncore.dispatcher):

    def __init__(self, host, port, path):
        asyncore.dispatcher.__init__(self)
        self.create_socket()
        self.connect((host, port))
        self.buffer = bytes('GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' % (path, host), 'ascii')

    def handle_connect(self):
        pass

    def handle_close(self):
        self.close()

    def handle_read(self):
        print(self.recv(8192).decode('latin-1').replace('\r', ''), end='')

    def writable(self):
        return (len(self.buffer) > 0)

    def handle_write(self):
        sent = self.send(self.buffer)
        self.buffer = self.buffer[sent:]


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = ('you asked for %s\n' % self.path).encode() * 20
        self.wfile.write(b'HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n' % len(body) + body)

    def log_message(self, *args):
        pass


server = http.server.HTTPServer(('localhost', 0), Page)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = HTTPClient('localhost', server.server_address[1], '/index')
asyncore.loop()
print(client.connected, asyncore.socket_map)
server.shutdown()
server.server_close()
