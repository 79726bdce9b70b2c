"""An async_chat's attributes, as programs read them and change them."""

import asynchat
import asyncore
import socket


class Session(asynchat.async_chat):
    terminator = b'\n'
    producer_fifo = None  # the constructor makes one
    ac_in_buffer_size = 32

    def __init__(self, sock):
        asynchat.async_chat.__init__(self, sock)
        self.lines = []

    def collect_incoming_data(self, data):
        self.lines.append(data)

    def found_terminator(self):
        print('found', self.lines, self.terminator, self.ac_in_buffer)
        if self.lines[-1:] == [b'forget']:
            self.ac_in_buffer = b''
        elif self.lines[-1:] == [b'again']:
            self.ac_in_buffer = b'instead\n' + self.ac_in_buffer
        elif self.lines[-1:] == [b'count']:
            self.terminator = 3
        elif self.terminator == 0:
            self.terminator = b'\n'
        self.lines = []

    def handle_error(self):
        import sys
        print('error:', sys.exc_info()[0].__name__, sys.exc_info()[1])


class Early(Session):
    def __init__(self, sock):
        self.set_terminator(b';')
        self.ac_in_buffer = b'of nobody'
        Session.__init__(self, sock)


class Mixin:
    terminator = b'.'


class Mixed(Mixin, Session):
    pass


class Asked(Session):
    """Its terminator is what the last line begins with."""

    asked = b'|'

    def get_terminator(self):
        return self.asked

    def found_terminator(self):
        print('found', self.lines)
        if self.lines == [b'three']:
            self.asked = 3
        elif self.lines == [b'123']:
            self.asked = None
        self.lines = []


class Never(asynchat.async_chat):
    handle_error = Session.handle_error


class Slow(Session):
    """Sends by itself, and keeps a queue as programs did that wanted to see what they send."""

    ac_out_buffer_size = 4

    def initiate_send(self):
        while self.producer_fifo and self.connected:
            first = self.producer_fifo[0]
            if first is None:
                del self.producer_fifo[0]
                print('the end')
                self.handle_close()
                return
            if hasattr(first, 'more'):
                data = first.more()
                if data:
                    self.producer_fifo.appendleft(data)
                else:
                    self.producer_fifo.popleft()
                continue
            sent = self.send(first[:self.ac_out_buffer_size])
            print('sent', sent, 'of', first)
            if sent < len(first):
                self.producer_fifo[0] = first[sent:]
            else:
                del self.producer_fifo[0]
            return


def passes(count=4):
    asyncore.loop(timeout=0.2, count=count)


def session(kind, *pieces):
    ours, theirs = socket.socketpair()
    print(kind.__name__, getattr(kind, 'terminator', 'none'))
    channel = kind(ours)
    for piece in pieces:
        theirs.sendall(piece)
        passes()
    return channel, theirs


def over(channel, theirs):
    print('left', channel.ac_in_buffer, getattr(channel, 'lines', None), len(channel.producer_fifo))
    channel.close()
    theirs.close()


over(*session(Session, b'one\ntwo\nforget\nlost', b'kept\nagain\nlast\ncount\nabcabcd\nd'))
over(*session(Early, b'one;two', b';'))
over(*session(Mixed, b'one.two', b'.'))
over(*session(Asked, b'one|three|123456|', b'789'))
over(*session(Never, b'nothing\n'))

channel, theirs = session(Session, b'held')
channel.terminator = b'\r\n'
theirs.sendall(b'back\r')
passes()
print(channel.ac_in_buffer, channel.lines)
channel.ac_in_buffer += b'\n+'
theirs.sendall(b'++\r\n')
passes()
over(channel, theirs)

channel, theirs = session(Session)
fifo = channel.producer_fifo
channel.connected = False  # so that nothing is sent
producer = asynchat.simple_producer(b'produced')
channel.push(b'one')
channel.push_with_producer(producer)
channel.close_when_done()
print(len(fifo), bool(fifo), fifo[0], fifo[1] is producer, fifo[-1], None in fifo, fifo.index(None))
fifo.appendleft(b'zero')
fifo.insert(2, b'two')
fifo.extend([b'three', b'four'])
fifo.extendleft([b'-1', b'-2'])
fifo.remove(producer)
fifo[0] = b'minus two'
del fifo[1]
print(list(fifo), fifo.count(b'two'))
fifo.rotate(2)
print(fifo)
fifo.rotate(-3)
fifo.reverse()
print(fifo, fifo == fifo.copy(), list(reversed(fifo)))
print(fifo.pop(), fifo.popleft(), fifo)
channel.producer_fifo += [b'five']
print(channel.producer_fifo)
channel.producer_fifo = type(fifo.copy())([b'all', b' new'])
fifo = channel.producer_fifo
print(fifo)
for change in (lambda: fifo[9], lambda: fifo.remove(b'no'), lambda: fifo['x'],
               lambda: (fifo.clear(), fifo.pop()), lambda: fifo.popleft()):
    try:
        change()
    except (IndexError, ValueError, TypeError) as error:
        print(type(error).__name__)
print(fifo, not fifo)
channel.connected = True
channel.producer_fifo.append(b'sent at last')
channel.ac_out_buffer_size = 5
passes(6)
print(theirs.recv(100))
over(channel, theirs)

channel, theirs = session(Slow)
channel.push(b'0123456')
channel.push_with_producer(asynchat.simple_producer(b'abcdefgh', 6))
channel.close_when_done()
passes(9)
print(theirs.recv(100), theirs.recv(100))
theirs.close()
print(asyncore.socket_map)
