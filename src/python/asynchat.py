"""asynchat on Netty: see asyncore.py. What an async_chat does with bytes is Java's AsyncChat."""

import asyncore

_text = asyncore._text


class async_chat(asyncore.dispatcher):
    """A dispatcher for protocols of messages: give it collect_incoming_data and found_terminator."""

    ac_in_buffer_size = 65536
    ac_out_buffer_size = 65536
    use_encoding = 0
    encoding = "latin-1"

    def __init__(self, sock=None, map=None):
        self.incoming = []
        asyncore.dispatcher.__init__(self, sock, map)
        self.producer_fifo = _Fifo(self)

    # --- what a subclass gives ---

    def collect_incoming_data(self, data):
        raise NotImplementedError("must be implemented in subclass")

    def _collect_incoming_data(self, data):
        self.incoming.append(data)

    def _get_data(self):
        data = b"".join(self.incoming)
        del self.incoming[:]
        return data

    def found_terminator(self):
        raise NotImplementedError("must be implemented in subclass")

    # --- the terminator ---

    def set_terminator(self, term):
        if isinstance(term, str) and self.use_encoding:
            term = bytes(term, self.encoding)
        elif isinstance(term, int) and term < 0:
            raise ValueError("the number of received bytes must be positive")
        self.terminator = term

    @property
    def terminator(self):
        if isinstance(self._terminator, int):
            return self._java.countdown()
        return self._terminator

    @terminator.setter
    def terminator(self, term):
        self._terminator = term
        if isinstance(term, int):
            self._java.terminateAfter(term)
        else:
            self._java.terminateBy(_text(term) if term else None)

    def get_terminator(self):
        return self.terminator

    # --- input ---

    def handle_read(self):
        self._java.baseHandleRead(self.ac_in_buffer_size)

    @property
    def ac_in_buffer(self):
        return self._java.baseAcInBuffer().encode("latin-1")

    # --- output ---

    def handle_write(self):
        self.initiate_send()

    def handle_close(self):
        self.close()

    def push(self, data):
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError("data argument must be byte-ish (%r)", type(data))
        self._java.basePush(_text(data), self.ac_out_buffer_size)

    def push_with_producer(self, producer):
        self.producer_fifo.append(producer)
        self.initiate_send()

    def readable(self):
        return 1

    def writable(self):
        return self._java.baseWritable()

    def close_when_done(self):
        self.producer_fifo.append(None)

    def initiate_send(self):
        self._java.baseInitiateSend(self.ac_out_buffer_size)

    def discard_buffers(self):
        del self.incoming[:]
        self._java.discardBuffers()


class _Fifo:
    """What a channel has yet to send: Python's deque, as far as it goes, over Java's queue."""

    def __init__(self, channel):
        self._channel = channel
        self._java = channel._java.producerFifo()

    def _entry(self, thing):
        if isinstance(thing, str) and self._channel.use_encoding:
            thing = bytes(thing, self._channel.encoding)
        if isinstance(thing, (bytes, bytearray, memoryview)):
            thing = _text(thing)
        return self._channel._java.entry(thing)

    def _thing(self, entry):
        thing = self._channel._java.thing(entry)
        return thing.encode("latin-1") if isinstance(thing, str) else thing

    def __len__(self):
        return self._java.size()

    def __iter__(self):
        return iter([self._thing(entry) for entry in self._java])

    def __getitem__(self, index):
        return list(self)[index]

    def append(self, thing):
        self._java.addLast(self._entry(thing))

    def appendleft(self, thing):
        self._java.addFirst(self._entry(thing))

    def extend(self, things):
        for thing in things:
            self.append(thing)

    def insert(self, index, thing):
        self._java.insert(index, self._entry(thing))

    def popleft(self):
        if not self:
            raise IndexError("pop from an empty deque")
        return self._thing(self._java.removeFirst())

    def clear(self):
        self._java.clear()

    def __repr__(self):
        return "deque(%r)" % list(self)


class simple_producer:
    def __init__(self, data, buffer_size=512):
        self.data = data
        self.buffer_size = buffer_size

    def more(self):
        piece = self.data[:self.buffer_size]
        self.data = self.data[self.buffer_size:]
        return piece


def find_prefix_at_end(haystack, needle):
    """How long the longest beginning of `needle`, short of all of it, at the end of `haystack` is."""
    length = len(needle) - 1
    while length and not haystack.endswith(needle[:length]):
        length -= 1
    return length
