"""Lines, by asynchat: what a client says comes back in reverse; numbers are counts of bytes."""

import asynchat
import asyncore
import socket
import threading


class Session(asynchat.async_chat):
    def __init__(self, sock):
        asynchat.async_chat.__init__(self, sock)
        self.set_terminator(b'\r\n')
        self.data = []

    def collect_incoming_data(self, data):
        self.data.append(data)

    def found_terminator(self):
        line = b''.join(self.data)
        self.data = []
        if isinstance(self.get_terminator(), int):
            self.push(b'%d bytes: ' % len(line) + line + b'\r\n')
            self.set_terminator(b'\r\n')
        elif line.isdigit():
            self.set_terminator(int(line))
        elif line == b'many':
            self.push_with_producer(asynchat.simple_producer(b'0123456789' * 200, 64))
            self.push(b'\r\n')
        elif line == b'quit':
            self.push(b'bye\r\n')
            self.close_when_done()
        elif line == b'fail':
            raise ValueError('as you wish')
        else:
            self.push(line[::-1] + b'\r\n')

    def handle_error(self):
        import sys
        self.push(b'error: %s\r\n' % str(sys.exc_info()[1]).encode())


class Server(asyncore.dispatcher):
    def __init__(self):
        asyncore.dispatcher.__init__(self)
        self.create_socket()
        self.bind(('127.0.0.1', 0))
        self.listen(1)

    def handle_accept(self):
        conn, addr = self.accept()
        Session(conn)
        self.close()


def client(port):
    with socket.create_connection(('127.0.0.1', port)) as sock:
        lines = sock.makefile('rb')
        for text in (b'hello\r\n', b'a\r\nb\r\n', b'5\r\n12345', b'many\r\n', b'fail\r\n', b'\r\n',
                     b'after\r\n', b'quit\r\n'):
            sock.sendall(text)
            for _ in range(2 if text.count(b'\r\n') == 2 else 1):
                line = lines.readline()
                print(text, len(line), line[:60])
        print('then', lines.readline())


server = Server()
thread = threading.Thread(target=client, args=(server.socket.getsockname()[1],))
thread.start()
asyncore.loop(timeout=5, use_poll=True)
thread.join()
print(asyncore.socket_map)
