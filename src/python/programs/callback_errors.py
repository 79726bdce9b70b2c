"""An exception in each callback: who is told, who is called next, and what leaves the loop."""

import asynchat
import asyncore
import socket
import sys
import traceback


class Telling:
    failing = {}
    quiet = True

    def called(self, name):
        print('  ', name)
        if name in self.failing:
            raise self.failing[name]

    def handle_error(self):
        kind, raised, frames = sys.exc_info()
        where = traceback.extract_tb(frames)[-1].name
        print('   handle_error of', kind.__name__, raised, 'in', where)
        self.called('error')
        self.close()

    def readable(self):
        if 'readable' in self.failing:
            self.called('readable')
        return True

    def writable(self):
        if 'writable' in self.failing:
            self.called('writable')
        return not self.quiet

    def handle_read(self):
        self.called('handle_read')
        super().handle_read()

    def handle_write(self):
        self.called('handle_write')
        super().handle_write()
        self.quiet = True

    def handle_connect(self):
        self.called('handle_connect')

    def handle_expt(self):
        self.called('handle_expt')

    def handle_close(self):
        self.called('handle_close')
        super().handle_close()

    def handle_accept(self):
        self.called('handle_accept')
        super().handle_accept()

    def handle_accepted(self, sock, addr):
        sock.close()
        self.called('handle_accepted')


class Plain(Telling, asyncore.dispatcher):
    def handle_read(self):
        self.called('handle_read')
        print('   read', self.recv(100))


class Chat(Telling, asynchat.async_chat):
    terminator = b'\n'

    def writable(self):
        return asynchat.async_chat.writable(self)

    def collect_incoming_data(self, data):
        self.called('collect_incoming_data')

    def found_terminator(self):
        self.called('found_terminator')


class Producer:
    def more(self):
        raise ValueError('of more')


def run(channel, what, use_poll, *failing):
    for number, name in enumerate(failing):
        kind = (ValueError, ZeroDivisionError)[number]
        channel.failing = {**channel.failing, name: kind('of ' + name)}
    try:
        what(channel)
        asyncore.loop(timeout=0.2, use_poll=use_poll, count=3)
    except Exception as left:
        print('   left:', type(left).__name__, left)
    print('  ', 'open' if channel in asyncore.socket_map.values() else 'closed')
    asyncore.close_all(ignore_all=True)


def pair(kind, what, use_poll, *failing):
    print(kind.__name__, 'poll' if use_poll else 'select', *failing)
    ours, theirs = socket.socketpair()
    with theirs:
        run(kind(ours), lambda channel: what(channel, theirs), use_poll, *failing)


def sends(channel, theirs):
    theirs.sendall(b'line\n')


def ends(channel, theirs):
    theirs.shutdown(socket.SHUT_WR)


def writes(channel, theirs):
    channel.quiet = False


def pushes(channel, theirs):
    channel.connected = False  # the push alone sends nothing
    channel.push_with_producer(Producer())
    channel.connected = True


def pushes_now(channel, theirs):
    channel.push_with_producer(Producer())


def listener():
    listening = Plain()
    listening.create_socket()
    listening.bind(('127.0.0.1', 0))
    listening.listen(5)
    return listening


def accepts(use_poll, *failing):
    print('listener', 'poll' if use_poll else 'select', *failing)
    listening = listener()
    with socket.create_connection(listening.socket.getsockname()):
        run(listening, lambda channel: None, use_poll, *failing)


def connects(use_poll, *failing):
    print('client', 'poll' if use_poll else 'select', *failing)
    with socket.create_server(('127.0.0.1', 0)) as server:
        client = Plain()
        client.create_socket()
        client.quiet = False
        run(client, lambda channel: channel.connect(server.getsockname()), use_poll, *failing)


def urges(use_poll, *failing):
    print('urgent', 'poll' if use_poll else 'select', *failing)
    with socket.create_server(('127.0.0.1', 0)) as server:
        theirs = socket.create_connection(server.getsockname())
        ours, _ = server.accept()
        with theirs:
            run(Plain(ours), lambda channel: theirs.send(b'!', socket.MSG_OOB), use_poll, *failing)


for use_poll in (False, True):
    for name, what in (('handle_read', sends), ('handle_write', writes), ('handle_close', ends),
                       ('readable', sends), ('writable', sends)):
        pair(Plain, what, use_poll, name)
    pair(Plain, sends, use_poll, 'handle_read', 'error')
    pair(Chat, sends, use_poll, 'collect_incoming_data')
    pair(Chat, sends, use_poll, 'found_terminator')
    pair(Chat, ends, use_poll, 'handle_close')
    pair(Chat, pushes, use_poll)
    pair(Chat, pushes_now, use_poll)
    accepts(use_poll, 'handle_accept')
    accepts(use_poll, 'handle_accepted')
    connects(use_poll, 'handle_connect')
    urges(use_poll, 'handle_expt')
