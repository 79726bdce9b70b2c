"""A file_dispatcher on a pipe: what a thread writes is read by the loop until its end."""

import asyncore
import os
import threading


class Reader(asyncore.file_dispatcher):
    total = 0

    def writable(self):
        return False

    def handle_read(self):
        data = self.recv(4096)
        self.total += len(data)
        if not data:
            print('nothing more')

    def handle_close(self):
        print('close after', self.total, 'bytes')
        self.close()

    def handle_expt(self):
        self.handle_close()


def write(fd):
    for _ in range(50):
        os.write(fd, b'0123456789' * 100)
    os.close(fd)


ours, theirs = os.pipe()
reader = Reader(ours)
os.close(ours)
thread = threading.Thread(target=write, args=(theirs,))
thread.start()
asyncore.loop(timeout=5)
thread.join()
print(asyncore.socket_map, reader.connected)
