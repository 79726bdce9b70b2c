"""asyncore on Netty: Python's module of that name, on the Java library, by GraalPy.

A program that imports asyncore runs on this one unchanged. Each of its dispatchers has a Java one
(PythonDispatcher), which the library's loop serves; each of its connections is a Netty channel.
So both worlds meet in one loop, and the program moves to Java class by class: docs/python.md.

A callback takes the way that it takes in CPython: the loop calls the Python method, whose base
class, if that is asked, is Java's.

Names that begin with an underscore and are none of CPython's are for the Java side.
"""

import itertools
import os
import select
import signal
import socket
import sys
import threading
import warnings
import weakref
from errno import (EAGAIN, EALREADY, EBADF, ECONNABORTED, ECONNRESET, EINPROGRESS, EINVAL, EISCONN,
                   ENOTCONN, EOPNOTSUPP, EPIPE, ESHUTDOWN, EWOULDBLOCK, errorcode)

import java

_this = sys.modules[__name__]

_Asyncore = java.type("org.asyncore.Asyncore")
_SocketMap = java.type("org.asyncore.SocketMap")
_Family = java.type("org.asyncore.transport.Family")
_SocketType = java.type("org.asyncore.transport.SocketType")
_Peer = java.type("org.asyncore.python.PythonDispatcher")
_Crossing = java.type("org.asyncore.python.Crossing")
_PythonSocket = java.type("org.asyncore.python.PythonSocket")
_PythonAddress = java.type("org.asyncore.python.PythonAddress")
_NettyEnd = java.type("org.asyncore.python.NettyEnd")
_PythonLoop = java.type("org.asyncore.python.PythonLoop")



class _Poll:
    """select.poll, which GraalPy has not, by its select: hang-ups are readable, errors both."""

    def __init__(self):
        self._events = {}

    def register(self, fd, eventmask=1 | 2 | 4):
        self._events[fd if isinstance(fd, int) else fd.fileno()] = eventmask

    modify = register

    def unregister(self, fd):
        del self._events[fd if isinstance(fd, int) else fd.fileno()]

    def poll(self, timeout=None):
        wanted = [[fd for fd, events in self._events.items() if events & bit] for bit in (1, 4, 2)]
        seconds = None if timeout is None or timeout < 0 else timeout / 1000
        found = {}
        for bit, ready in zip((1, 4, 2), select.select(*wanted, seconds)):
            for fd in ready:
                found[fd] = found.get(fd, 0) | bit
        return list(found.items())


# GraalPy has none of these, and programs ask for them; the numbers are Linux's.
if not hasattr(socket, "MSG_OOB"):
    socket.MSG_OOB = 1
if not hasattr(select, "poll"):
    select.poll = _Poll
    select.POLLIN, select.POLLPRI, select.POLLOUT = 1, 2, 4
    select.POLLERR, select.POLLHUP, select.POLLNVAL = 8, 16, 32

_DISCONNECTED = frozenset({ECONNRESET, ENOTCONN, ESHUTDOWN, ECONNABORTED, EPIPE, EBADF})

try:
    socket_map
except NameError:
    socket_map = {}


class ExitNow(Exception):
    pass


_reraised_exceptions = (ExitNow, KeyboardInterrupt, SystemExit)

_crossing = _Crossing(_this)
_loop = _PythonLoop(_crossing)


def _strerror(err):
    try:
        return os.strerror(err)
    except (ValueError, OverflowError):
        return errorcode.get(err, "Unknown error %s" % err)


# --- what Java asks ---

def _kind(raised):
    """-1 for what leaves the loop, the errno of an OSError, 0 for anything else."""
    if isinstance(raised, _reraised_exceptions):
        return -1
    if isinstance(raised, BlockingIOError):
        return raised.errno or EAGAIN
    if isinstance(raised, OSError) and isinstance(raised.errno, int):
        return max(raised.errno, 0)
    return 0


def _raise(raised):
    raise raised


class JavaError(RuntimeError):
    """Something that Java threw; `java` is what."""


_JAVA_EXCEPTIONS = {
    "org.asyncore.ExitNow": ExitNow,
    "org.asyncore.KeyboardInterrupt": KeyboardInterrupt,
    "org.asyncore.SystemExit": SystemExit,
    "java.lang.InterruptedException": KeyboardInterrupt,
    "java.lang.StackOverflowError": RecursionError,
    "java.lang.OutOfMemoryError": MemoryError,
    "java.lang.IllegalArgumentException": ValueError,
    "java.lang.UnsupportedOperationException": NotImplementedError,
    "java.lang.NullPointerException": TypeError,
}


def _exception_of(thrown, name, number, text):
    """The Python exception for one of Java's."""
    if number in (-2, -9):
        made = socket.gaierror(number, text)
    elif number > 0:
        made = OSError(number, text)
    else:
        made = _JAVA_EXCEPTIONS.get(name, JavaError)(text)
    made.java = thrown
    return made


def _truth(value):
    return bool(value)


def _text(data):
    """How bytes cross."""
    return str(data, "latin-1")


def _recv(receiver, size):
    return _text(receiver.recv(size))


def _send(sender, text):
    return sender.send(text.encode("latin-1")) or 0


def _collect(channel, text):
    channel.collect_incoming_data(text.encode("latin-1"))


def _terminator(channel):
    term = channel.get_terminator()
    if isinstance(term, int):
        return int(term)
    return _text(term) if term else None


def _more(channel, producer):
    data = producer.more()
    if not data:
        return ""
    if isinstance(data, str) and channel.use_encoding:
        data = bytes(data, channel.encoding)
    return _text(data)


def _handle_error(channel, raised):
    try:
        raise raised
    except BaseException:
        channel.handle_error()


def _handle_stop(channel):
    if isinstance(channel, dispatcher):
        channel.handle_stop()


def _repr(channel):
    return repr(channel)


def _set_socket(channel, java_socket):
    """The library has another socket for a dispatcher: behind TLS, or with handlers in front."""
    channel.set_socket(_socket_over(java_socket))


def _accept(listening):
    conn, addr = listening.accept()
    return conn, addr, _number(conn)


def _take_error(sock):
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


# --- sockets ---

_genuine = socket.socket
_ends = weakref.WeakKeyDictionary()  # By sockets: what Java has for each.
_families = {socket.AF_INET: _Family.INET, socket.AF_INET6: _Family.INET6}
if hasattr(socket, "AF_UNIX"):
    _families[socket.AF_UNIX] = _Family.UNIX
_types = {socket.SOCK_STREAM: _SocketType.STREAM, socket.SOCK_DGRAM: _SocketType.DGRAM}
_made_up = itertools.count((1 << 30) + (1 << 23))  # Numbers for what has no descriptor.


class _socket(socket.socket):
    """A socket whose descriptor is a Netty channel's: bytes go through that, options do not."""

    __slots__ = ()

    def recv(self, bufsize, flags=0):
        if flags == 0:
            return _ends[self].recv(bufsize).encode("latin-1")
        if flags == socket.MSG_OOB:
            return _ends[self].recvUrgent(bufsize).encode("latin-1")
        return super().recv(bufsize, flags)

    def recv_into(self, buffer, nbytes=0, flags=0):
        view = memoryview(buffer).cast("B")
        data = self.recv(nbytes or len(view), flags)
        view[:len(data)] = data
        return len(data)

    def recvfrom(self, bufsize, flags=0):
        if flags:
            return super().recvfrom(bufsize, flags)
        end = _ends[self]
        datagram = end.recvfrom(bufsize)
        return end.text(datagram).encode("latin-1"), _python_address(self.family, datagram.address())

    def send(self, data, flags=0):
        if flags == 0:
            return _ends[self].send(_text(data))
        _ends[self].takeError()  # What was sent before goes before it.
        return super().send(data, flags)

    def sendall(self, data, flags=0):
        view = memoryview(data).cast("B")
        while view:
            view = view[self.send(view, flags):]

    def sendto(self, data, *args):
        if len(args) == 1:
            return _ends[self].sendto(_text(data), _java_address(self.family, args[0]))
        return super().sendto(data, *args)

    def bind(self, address):
        _ends[self].bind(_java_address(self.family, address))

    def listen(self, backlog=128):
        _ends[self].listen(max(backlog, 0))

    def accept(self):
        return _accepted(self.family, _ends[self].accept())

    def connect_ex(self, address):
        return _ends[self].connectEx(_java_address(self.family, address))

    def connect(self, address):
        err = self.connect_ex(address)
        if err:
            raise OSError(err, os.strerror(err))

    def getsockopt(self, level, option, *buflen):
        if level == socket.SOL_SOCKET and option == socket.SO_ERROR and not buflen:
            return _ends[self].takeError()
        return super().getsockopt(level, option, *buflen)

    def shutdown(self, how):
        _ends[self].shutdown(how)

    def settimeout(self, value):
        if value != 0:
            raise ValueError("a loop serves this socket, which cannot block: settimeout(%r)" % value)

    def setblocking(self, flag):
        if flag:
            raise ValueError("a loop serves this socket, which cannot block")

    def dup(self):
        copy = _genuine(self.family, self.type, self.proto, fileno=os.dup(self.fileno()))
        copy.settimeout(0.0)
        return copy

    def detach(self):
        end = _ends.get(self)
        if end is not None and end.fileno() >= 0:
            end.detach()
        return super().detach()

    def _real_close(self, _ss=None):
        end = _ends.get(self)
        if end is not None:
            end.close()
        super().detach()


_socket.__module__ = "socket"
_socket.__name__ = _socket.__qualname__ = "socket"


def _socket_over(java_socket, kind=None):
    """Python's socket for one of Java's.

    `kind` is (family, type, proto), if they are known.
    """
    if isinstance(java_socket, _PythonSocket):
        return java_socket.python()
    if kind is None:
        kind = (next(f for f, name in _families.items() if name.equals(java_socket.family())),
                next(t for t, name in _types.items() if name.equals(java_socket.type())), 0)
    number = java_socket.fileno()
    os.set_inheritable(number, False)  # As all descriptors of Python's.
    made = _socket(*kind, fileno=number)
    _genuine.settimeout(made, 0.0)
    _ends[made] = _NettyEnd(_crossing, java_socket)
    return made


def java_socket(sock):
    """The library's socket below Python's one, for a Java dispatcher, whose own it is then."""
    return _ends[sock].socket()


def _number(sock):
    number = sock.fileno()
    return number if type(number) is int and number >= 0 else next(_made_up)


def _adopted(sock, mirror):
    """Python's socket itself; or, if it is a stream that is up or listens, one of Netty's.

    The latter has the descriptor then, and the former is closed: GraalPy lets no object change its
    class.
    """
    if type(sock) is not _genuine or sock.family not in _families or sock.type != socket.SOCK_STREAM:
        return sock
    try:
        if not sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            sock.getpeername()
    except OSError:
        return sock
    adopted = _socket_over(_loop.socket(mirror.java, sock.fileno()),
                           (sock.family, sock.type, sock.proto))
    sock.detach()
    return adopted


def _taken(sock, mirror):
    """The library's socket for whatever a program has for one."""
    if isinstance(sock, _socket):
        return _ends[sock].socket()
    return _PythonSocket(_crossing, sock, _number(sock), mirror.java.transport())


def _accepted(family, pair):
    return _socket_over(pair.socket()), _python_address(family, pair.address())


def _java_address(family, address):
    if family == getattr(socket, "AF_UNIX", None):
        return _loop.unix(os.fsdecode(address))
    if address[0] in ("", "<broadcast>"):
        host = {"": "::" if family == socket.AF_INET6 else "0.0.0.0"}.get(address[0], "255.255.255.255")
    else:
        host = socket.getaddrinfo(address[0], None, family)[0][4][0]
    return _loop.inet(host, address[1])


def _python_address(family, address):
    if address is None:
        return None
    if isinstance(address, _PythonAddress):
        return address.value()
    if family == getattr(socket, "AF_UNIX", None):
        return address.getPath().toString()
    host = address.getAddress().getHostAddress()
    if family == socket.AF_INET6:
        host, _, scope = host.partition("%")
        text = socket.inet_ntop(family, socket.inet_pton(family, host))
        return text, address.getPort(), 0, address.getAddress().getScopeId()
    return host, address.getPort()


# --- maps ---

class _Mirror:
    """A dict of a program's, and the SocketMap beside it that the library loops over.

    A program may change its dict as it likes, and Java dispatchers come and go in the other one:
    before each pass the two are made equal.
    """

    __slots__ = ("dict", "java", "known", "__weakref__")

    def __init__(self, mirrored, java_map):
        self.dict = mirrored
        self.java = java_map
        self.known = {}
        if java_map.transport().name() != "epoll":
            raise ImportError("asyncore on Netty needs transport epoll: "
                              + java_map.transport().reason())
        _loop.mirror(java_map, self)

    def joined(self, fd, channel):
        self.dict[fd] = channel
        self.known[fd] = channel

    def left(self, fd):
        if fd in self.dict:
            del self.dict[fd]
        self.known.pop(fd, None)

    def pass_started(self):
        if len(self.known) != len(self.dict) or self.java.size() != len(self.known):
            self.reconcile()

    def is_reconciled(self):
        return (self.java.size() == len(self.known) == len(self.dict)
                and all(self.known.get(fd) is channel for fd, channel in self.dict.items()))

    def reconcile(self):
        if self.is_reconciled():
            return
        for fd, channel in list(self.known.items()):
            if self.dict.get(fd) is not channel:
                del self.known[fd]
                if isinstance(fd, int) and self.java.containsKey(fd):
                    self.java.remove(fd)
        for fd, channel in list(self.dict.items()):
            if fd not in self.known and isinstance(fd, int):
                self.known[fd] = channel
                self.java.put(fd, _peer(channel, fd, self))
        for channel in self.java.values():
            fd = channel.fileno()
            if fd >= 0 and fd not in self.known:
                channel = channel if not isinstance(channel, _Peer) else channel.python()
                self.joined(fd, channel)
        for fd in list(self.known):
            if isinstance(fd, int) and not self.java.containsKey(fd):
                self.left(fd)


_mirrors = weakref.WeakValueDictionary()  # By the ids of dicts, which the mirrors keep alive.
_mirrors[id(socket_map)] = _default_mirror = _Mirror(socket_map, _Asyncore.socketMap())
_kept = []


def _mirror(mirrored):
    known = _mirrors.get(id(mirrored))
    if known is None:
        _mirrors[id(mirrored)] = known = _Mirror(mirrored, _SocketMap())
    return known


def java_map(map=None):
    """The library's map beside a dict, for Java dispatchers; None for `socket_map`."""
    known = _mirror(socket_map if map is None else map)
    if known not in _kept:
        _kept.append(known)
    return known.java


class _Anybody:
    """A channel that is no dispatcher, as the loop asks for one."""

    def __init__(self, channel):
        self.channel = channel


def _forward(name):
    return lambda anybody: getattr(anybody.channel, name)()


for _name in ("readable", "writable", "handle_read_event", "handle_write_event", "handle_expt_event",
              "handle_close", "handle_error", "close", "__repr__"):
    setattr(_Anybody, _name, _forward(_name))


def _peer(channel, fd, mirror):
    """What Java has for a channel."""
    if isinstance(channel, dispatcher):
        return channel._java
    if isinstance(channel, java.type("org.asyncore.Dispatcher")):
        return channel
    peer = _Peer(_crossing, _Anybody(channel), mirror.java)
    if fd is not None:
        peer.baseSetSocket(_PythonSocket(_crossing, channel, fd, mirror.java.transport()))
    return peer


# --- the loop ---

def read(obj):
    _loop.read(_peer(obj, None, _default_mirror))


def write(obj):
    _loop.write(_peer(obj, None, _default_mirror))


def _exception(obj):
    _loop.exception(_peer(obj, None, _default_mirror))


def readwrite(obj, flags):
    _loop.readwrite(_peer(obj, None, _default_mirror), flags)


def _seconds(timeout):
    return -1.0 if timeout is None else float(timeout)


_Signal = java.type("sun.misc.Signal")


class _Waking:
    """Has signals end the wait of a map's pass: GraalPy calls handlers between steps of Python.

    Of the main thread, which is the one that handles signals, and where a wait may be long.
    """

    def __init__(self, java_map, timeout):
        self.java = java_map
        self.before = []
        is_short = timeout is not None and timeout <= 0.5
        self.names = () if is_short else ("INT", "TERM", "HUP")

    def __enter__(self):
        if threading.current_thread() is not threading.main_thread():
            return
        for name in self.names:
            if callable(signal.getsignal(getattr(signal, "SIG" + name))):
                self.replace(_Signal(name))

    def replace(self, signalled):
        def handle(_):
            before.handle(signalled)
            self.java.wakeup()

        before = _Signal.handle(signalled, handle)
        self.before.append((signalled, before))

    def __exit__(self, *raised):
        for signalled, before in self.before:
            _Signal.handle(signalled, before)


def _poll(timeout, map, use_poll):
    mirror = _mirror(socket_map if map is None else map)
    mirror.reconcile()
    try:
        with _Waking(mirror.java, timeout):
            _loop.poll(mirror.java, _seconds(timeout), use_poll)
    finally:
        mirror.reconcile()


def poll(timeout=0.0, map=None):
    _poll(timeout, map, False)


def poll2(timeout=0.0, map=None):
    _poll(timeout, map, True)


poll3 = poll2


def loop(timeout=30.0, use_poll=False, map=None, count=None):
    mirror = _mirror(socket_map if map is None else map)
    mirror.reconcile()
    passes = -1 if count is None else max(count, 0)
    try:
        with _Waking(mirror.java, timeout):
            _loop.loop(mirror.java, _seconds(timeout), bool(use_poll), passes)
    finally:
        mirror.reconcile()


def close_all(map=None, ignore_all=False):
    closed = socket_map if map is None else map
    mirror = _mirror(closed)
    mirror.reconcile()
    for channel in list(closed.values()):
        try:
            channel.close()
        except OSError as error:
            if error.errno != EBADF and not ignore_all:
                raise
        except _reraised_exceptions:
            raise
        except BaseException:
            if not ignore_all:
                raise
    closed.clear()
    mirror.reconcile()
    _loop.closeAll(mirror.java)


def compact_traceback():
    raised, value, traceback = sys.exc_info()
    if not traceback:
        raise AssertionError("traceback does not exist")
    frames = []
    while traceback:
        code = traceback.tb_frame.f_code
        frames.append((code.co_filename, code.co_name, str(traceback.tb_lineno)))
        traceback = traceback.tb_next
    return frames[-1], raised, value, " ".join("[%s|%s|%s]" % frame for frame in frames)


# --- dispatchers ---

class _State:
    """An attribute that Java has: `connected` and its kind. Without a base class it is Python's."""

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, channel, owner=None):
        if channel is None:
            return False
        peer = channel.__dict__.get("_java")
        return channel.__dict__.get(self.name, False) if peer is None else getattr(peer, self.name)()

    def __set__(self, channel, value):
        peer = channel.__dict__.get("_java")
        if peer is None:
            channel.__dict__[self.name] = value
        else:
            getattr(peer, self.name)(bool(value))


class dispatcher:
    debug = False
    connected = _State()
    accepting = _State()
    connecting = _State()
    closing = _State()
    addr = None
    ignore_log_types = frozenset({"warning"})
    _fileno = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        early = {n: cls.__dict__[n] for n in ("connected", "accepting", "connecting", "closing")
                 if isinstance(cls.__dict__.get(n), (bool, int))}
        for name in early:
            delattr(cls, name)
        cls._early = {**cls._early, **early}

    _early = {}

    def __init__(self, sock=None, map=None):
        self._map = socket_map if map is None else map
        self._mirror = _mirror(self._map)
        early = {**self._early, **{name: self.__dict__.pop(name) for name in
                                   ("connected", "accepting", "connecting", "closing")
                                   if name in self.__dict__}}
        self._java = _Peer(_crossing, self, self._mirror.java)
        for name, value in early.items():
            setattr(self, name, value)
        self._fileno = None
        if not sock:
            self._sock = None
            return
        sock.setblocking(False)
        self.set_socket(sock, map)
        self.connected = True
        try:
            self.addr = self.socket.getpeername()
        except OSError as err:
            if err.errno not in (ENOTCONN, EINVAL):
                self.del_channel(map)  # Broken in some unknown way: it must not be polled.
                raise
            self.connected = False

    def __repr__(self):
        status = [self.__class__.__module__ + "." + self.__class__.__qualname__]
        if self.accepting and self.addr:
            status.append("listening")
        elif self.connected:
            status.append("connected")
        if self.addr is not None:
            try:
                status.append("%s:%d" % self.addr)
            except TypeError:
                status.append(repr(self.addr))
        return "<%s at %#x>" % (" ".join(status), id(self))

    # --- the map and the socket ---

    def _get_socket(self):
        return self._sock

    def _set_socket(self, sock):
        before = self.__dict__.get("_sock")
        if sock is None or sock is before:
            self._sock = sock
            return
        self._take(sock)

    def _take(self, sock):
        sock = _adopted(sock, self._mirror)
        self._java.baseSetSocket(_taken(sock, self._mirror))
        self._sock = sock

    def add_channel(self, map=None):
        mirror = self._mirror if map is None else _mirror(map)
        if self._java.fileno() >= 0:
            self._java.baseAddChannel(mirror.java)
        mirror.joined(self._fileno, self)

    def del_channel(self, map=None):
        mirror = self._mirror if map is None else _mirror(map)
        self._java.baseDelChannel(mirror.java)
        mirror.left(self._fileno)
        self._fileno = None

    def create_socket(self, family=socket.AF_INET, type=socket.SOCK_STREAM):
        self.family_and_type = family, type
        if socket.socket is _genuine and family in _families and type in _types:
            transport = self._mirror.java.transport()
            sock = _socket_over(_loop.fresh(transport, _families[family], _types[type]))
        else:
            sock = socket.socket(family, type)
            sock.setblocking(False)
        self.set_socket(sock)

    def set_socket(self, sock, map=None):
        self._take(sock)
        self._fileno = self._sock.fileno()
        self.add_channel(map)

    def set_reuse_addr(self):
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR,
                                   self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) | 1)
        except OSError:
            pass  # bind will tell.

    # --- predicates ---

    def readable(self):
        return True

    def writable(self):
        return True

    # --- calls on the socket ---

    def listen(self, num):
        self._java.baseListen(max(num, 0))

    def bind(self, addr):
        self.addr = addr
        self._java.baseBind(self._address(addr))

    def connect(self, address):
        before = self.addr
        self.connected = False
        self.connecting = True
        there = self._address(address)
        self.addr = address
        try:
            self._java.baseConnect(there)
        except OSError:
            if not self.connected:
                self.addr = before
            raise

    def _address(self, address):
        if isinstance(self.socket, _socket):
            return _java_address(self.socket.family, address)
        return _PythonAddress(address)

    def accept(self):
        pair = self._java.baseAccept()
        if pair is None:
            return None
        return _accepted(getattr(self.socket, "family", None), pair)

    def send(self, data):
        return self._java.baseSend(_text(data))

    def recv(self, buffer_size):
        return self._java.baseRecv(buffer_size).encode("latin-1")

    def close(self):
        self._java.baseClose()

    # --- the log ---

    def log(self, message):
        sys.stderr.write("log: %s\n" % str(message))

    def log_info(self, message, type="info"):
        if type not in self.ignore_log_types:
            print("%s: %s" % (type, message))

    # --- events, as the loop reports them ---

    def handle_read_event(self):
        self._java.baseHandleReadEvent()

    def handle_connect_event(self):
        self._java.baseHandleConnectEvent()

    def handle_write_event(self):
        self._java.baseHandleWriteEvent()

    def handle_expt_event(self):
        self._java.baseHandleExptEvent()

    # --- callbacks ---

    def handle_error(self):
        where, raised, value, info = compact_traceback()
        try:
            self_repr = repr(self)
        except BaseException:
            self_repr = "<__repr__(self) failed for object at %0x>" % id(self)
        self.log_info("uncaptured python exception, closing channel %s (%s:%s %s)"
                      % (self_repr, raised, value, info), "error")
        self.handle_close()

    def handle_expt(self):
        self.log_info("unhandled incoming priority event", "warning")

    def handle_read(self):
        self.log_info("unhandled read event", "warning")

    def handle_write(self):
        self.log_info("unhandled write event", "warning")

    def handle_connect(self):
        self.log_info("unhandled connect event", "warning")

    def handle_accept(self):
        pair = self.accept()
        if pair is not None:
            self.handle_accepted(*pair)

    def handle_accepted(self, sock, addr):
        sock.close()
        self.log_info("unhandled accepted event", "warning")

    def handle_close(self):
        self.log_info("unhandled close event", "warning")
        self.close()

    socket = property(_get_socket, _set_socket)

    # --- beyond CPython's ---

    def handle_user_event(self, event):
        """A handler in front of it in its Netty pipeline has something to tell."""

    def handle_stop(self):
        """The LoopThread that serves it begins to stop."""
        self._java.baseHandleStop()


def java_dispatcher(channel):
    """The library's dispatcher for Python's one: `Tls.start`, `DispatcherChannels` take it."""
    return channel._java


class dispatcher_with_send(dispatcher):
    def __init__(self, sock=None, map=None):
        dispatcher.__init__(self, sock, map)
        self.out_buffer = b""

    def initiate_send(self):
        sent = dispatcher.send(self, self.out_buffer[:65536])
        self.out_buffer = self.out_buffer[sent:]

    def handle_write(self):
        self.initiate_send()

    def writable(self):
        return (not self.connected) or len(self.out_buffer)

    def send(self, data):
        if self.debug:
            self.log_info("sending %s" % repr(data))
        self.out_buffer = self.out_buffer + data
        self.initiate_send()


# --- files ---

class file_wrapper:
    """A file that looks like a socket, on a duplicate of its descriptor."""

    def __init__(self, fd):
        self.fd = os.dup(fd)

    def __del__(self):
        if self.fd >= 0:
            warnings.warn("unclosed file %r" % self, ResourceWarning, source=self)
        self.close()

    def recv(self, *args):
        return os.read(self.fd, *args)

    def send(self, *args):
        return os.write(self.fd, *args)

    def getsockopt(self, level, optname, buflen=None):
        if level == socket.SOL_SOCKET and optname == socket.SO_ERROR and not buflen:
            return 0
        raise NotImplementedError("Only asyncore specific behaviour implemented.")

    read = recv
    write = send

    def close(self):
        if self.fd < 0:
            return
        fd = self.fd
        self.fd = -1
        os.close(fd)

    def fileno(self):
        return self.fd


class file_dispatcher(dispatcher):
    def __init__(self, fd, map=None):
        dispatcher.__init__(self, None, map)
        self.connected = True
        try:
            fd = fd.fileno()
        except AttributeError:
            pass
        self.set_file(fd)
        os.set_blocking(fd, False)

    def set_file(self, fd):
        self.socket = file_wrapper(fd)
        self._fileno = self.socket.fileno()
        self.add_channel()
