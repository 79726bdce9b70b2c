"""asynchat on Netty: see asyncore.py. What an async_chat does with bytes is Java's AsyncChat."""

import asyncore
import collections
import collections.abc
import operator

_text = asyncore._text
_NEVER = object()


class _Terminator(property):
    """`terminator`, which Java has as well. A class may have it as a value: __init_subclass__."""

    def __get__(self, channel, owner=None):
        if channel is None:
            return _known(owner._terminator, "type object %r" % owner.__name__)
        return super().__get__(channel, owner)


def _known(term, owner):
    if term is _NEVER:
        raise AttributeError("%s has no attribute 'terminator'" % owner)
    return term


class async_chat(asyncore.dispatcher):
    """A dispatcher for protocols of messages: give it collect_incoming_data and found_terminator."""

    ac_in_buffer_size = 65536
    ac_out_buffer_size = 65536
    use_encoding = 0
    encoding = "latin-1"
    _terminator = _NEVER
    _fifo = None

    def __init__(self, sock=None, map=None):
        self.incoming = []
        self._fifo = None
        asyncore.dispatcher.__init__(self, sock, map)
        if self._terminator is not _NEVER:  # Set before, or by the class.
            self.terminator = self._terminator

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in ("terminator", "ac_in_buffer", "producer_fifo"):
            value = next(vars(base)[name] for base in cls.__mro__ if name in vars(base))
            if hasattr(type(value), "__get__"):
                continue  # Ours, or a property that the program has for it.
            setattr(cls, name, vars(async_chat)[name])
            if name == "terminator":
                cls._terminator = value

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

    def _get_terminator(self):
        if isinstance(self._terminator, int) and "_java" in self.__dict__:
            return self._java.countdown()
        return _known(self._terminator, "%r object" % type(self).__name__)

    def _put_terminator(self, term):
        self._terminator = term
        if "_java" not in self.__dict__:
            pass  # The constructor tells Java.
        elif isinstance(term, int):
            self._java.terminateAfter(term)
        else:
            self._java.terminateBy(_text(term) if term else None)

    terminator = _Terminator(_get_terminator, _put_terminator)

    def get_terminator(self):
        return self.terminator

    def _asks_terminator(self):
        """Whether the program answers get_terminator itself, or has yet to set one."""
        return ("get_terminator" in self.__dict__
                or type(self).get_terminator is not async_chat.get_terminator
                or self._terminator is _NEVER)

    # --- input ---

    def handle_read(self):
        self._java.baseHandleRead(self.ac_in_buffer_size, self._asks_terminator())

    @property
    def ac_in_buffer(self):
        return self._java.baseAcInBuffer().encode("latin-1")

    @ac_in_buffer.setter
    def ac_in_buffer(self, data):
        if "_java" in self.__dict__:  # The constructor empties it.
            self._java.baseAcInBuffer(_text(data))

    # --- output ---

    @property
    def producer_fifo(self):
        if self._fifo is None:
            self._fifo = _Fifo(self)
        return self._fifo

    @producer_fifo.setter
    def producer_fifo(self, things):
        if "_java" not in self.__dict__ or things is self._fifo:
            return  # The constructor empties it; and `self.producer_fifo += ..` has been done.
        things = list(things)
        self.producer_fifo.clear()
        self.producer_fifo.extend(things)

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


class _Fifo(collections.abc.MutableSequence):
    """What a channel has yet to send: Python's deque over Java's queue."""

    maxlen = None

    def __init__(self, channel):
        self._channel = channel
        self._java = channel._java.producerFifo()

    def _entry(self, thing):
        if isinstance(thing, str):
            if not self._channel.use_encoding:
                raise TypeError("a bytes-like object is required, not 'str'")
            thing = bytes(thing, self._channel.encoding)
        if isinstance(thing, (bytes, bytearray, memoryview)):
            thing = _text(thing)
        return self._channel._java.entry(thing)

    def _thing(self, entry):
        thing = self._channel._java.thing(entry)
        return thing.encode("latin-1") if isinstance(thing, str) else thing

    def _entry_at(self, index):
        index = operator.index(index)
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError("deque index out of range")
        return index, (self._java.first() if index == 0 else list(self._java)[index])

    def __len__(self):
        return self._java.size()

    def __iter__(self):
        return iter([self._thing(entry) for entry in self._java])

    def __getitem__(self, index):
        return self._thing(self._entry_at(index)[1])

    def __setitem__(self, index, thing):
        index, before = self._entry_at(index)
        self._java.insert(index, self._entry(thing))
        self._java.remove(before)

    def __delitem__(self, index):
        self._java.remove(self._entry_at(index)[1])

    def append(self, thing):
        self._java.addLast(self._entry(thing))

    def appendleft(self, thing):
        self._java.addFirst(self._entry(thing))

    def extendleft(self, things):
        for thing in list(things):
            self.appendleft(thing)

    def insert(self, index, thing):
        index = operator.index(index)
        if index < 0:
            index += len(self)
        self._java.insert(min(max(index, 0), len(self)), self._entry(thing))

    def pop(self):
        return self._taken(-1)

    def popleft(self):
        return self._taken(0)

    def _taken(self, index):
        if not len(self):
            raise IndexError("pop from an empty deque")
        _, entry = self._entry_at(index)
        self._java.remove(entry)
        return self._thing(entry)

    def _reorder(self, entries):
        for entry in entries if len(self) > 1 else ():
            self._java.remove(entry)
            self._java.addLast(entry)

    def reverse(self):
        self._reorder(list(self._java)[::-1])

    def rotate(self, n=1):
        entries = list(self._java)
        at = -n % max(len(entries), 1)
        self._reorder(entries[at:] + entries[:at])

    def clear(self):
        self._java.clear()

    def copy(self):
        return collections.deque(self)

    __copy__ = copy

    def __add__(self, things):
        return self.copy() + things

    def __eq__(self, other):
        if isinstance(other, (_Fifo, collections.deque)):
            return list(self) == list(other)
        return NotImplemented

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
