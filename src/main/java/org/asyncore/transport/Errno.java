package org.asyncore.transport;

/**
 * The operating system's error names that asyncore programs meet, with the numbers and the texts
 * that Linux gives them.
 *
 * <p>Python's {@code errno} module. {@link #EWOULDBLOCK} is the same as {@link #EAGAIN}.
 */
public enum Errno {
  /** No error: what {@code connect_ex} and {@code SO_ERROR} answer when all is well. */
  OK(0, "Success"),
  EPERM(1, "Operation not permitted"),
  ENOENT(2, "No such file or directory"),
  EINTR(4, "Interrupted system call"),
  EIO(5, "Input/output error"),
  ENXIO(6, "No such device or address"),
  EBADF(9, "Bad file descriptor"),
  EAGAIN(11, "Resource temporarily unavailable"),
  ENOMEM(12, "Cannot allocate memory"),
  EACCES(13, "Permission denied"),
  EFAULT(14, "Bad address"),
  EBUSY(16, "Device or resource busy"),
  EEXIST(17, "File exists"),
  ENODEV(19, "No such device"),
  ENOTDIR(20, "Not a directory"),
  EISDIR(21, "Is a directory"),
  EINVAL(22, "Invalid argument"),
  ENFILE(23, "Too many open files in system"),
  EMFILE(24, "Too many open files"),
  EFBIG(27, "File too large"),
  ENOSPC(28, "No space left on device"),
  ESPIPE(29, "Illegal seek"),
  EROFS(30, "Read-only file system"),
  EPIPE(32, "Broken pipe"),
  ENAMETOOLONG(36, "File name too long"),
  ENOSYS(38, "Function not implemented"),
  ENOTSOCK(88, "Socket operation on non-socket"),
  EDESTADDRREQ(89, "Destination address required"),
  EMSGSIZE(90, "Message too long"),
  EPROTOTYPE(91, "Protocol wrong type for socket"),
  ENOPROTOOPT(92, "Protocol not available"),
  EPROTONOSUPPORT(93, "Protocol not supported"),
  EOPNOTSUPP(95, "Operation not supported"),
  EAFNOSUPPORT(97, "Address family not supported by protocol"),
  EADDRINUSE(98, "Address already in use"),
  EADDRNOTAVAIL(99, "Cannot assign requested address"),
  ENETDOWN(100, "Network is down"),
  ENETUNREACH(101, "Network is unreachable"),
  ECONNABORTED(103, "Software caused connection abort"),
  ECONNRESET(104, "Connection reset by peer"),
  ENOBUFS(105, "No buffer space available"),
  EISCONN(106, "Transport endpoint is already connected"),
  ENOTCONN(107, "Transport endpoint is not connected"),
  ESHUTDOWN(108, "Cannot send after transport endpoint shutdown"),
  ETIMEDOUT(110, "Connection timed out"),
  ECONNREFUSED(111, "Connection refused"),
  EHOSTDOWN(112, "Host is down"),
  EHOSTUNREACH(113, "No route to host"),
  EALREADY(114, "Operation already in progress"),
  EINPROGRESS(115, "Operation now in progress"),
  /** A host name that cannot be resolved: {@code socket.EAI_NONAME} of {@code socket.gaierror}. */
  EAI_NONAME(-2, "Name or service not known"),

  /** An address in numbers that is of another family than the socket: {@code gaierror}, too. */
  EAI_ADDRFAMILY(-9, "Address family for hostname not supported"),
  /** An error without a name here; {@link OsException#getMessage()} tells what is known. */
  UNKNOWN(-1, "Unknown error");

  /** Python's {@code errno.EWOULDBLOCK}, which Linux does not tell apart from {@link #EAGAIN}. */
  public static final Errno EWOULDBLOCK = EAGAIN;

  private static final Errno[] BY_NUMBER = new Errno[128];

  static {
    for (Errno errno : values()) {
      if (errno.number >= 0) BY_NUMBER[errno.number] = errno;
    }
  }

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** The error with Linux's number, or {@link #UNKNOWN} if it has no name here. */
  public static Errno of(int number) {
    Errno errno = number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    return errno == null ? UNKNOWN : errno;
  }

  /** Linux's number on x86-64 and AArch64, whatever this machine is. */
  public int number() {
    return number;
  }

  /** {@code os.strerror}. */
  public String text() {
    return text;
  }

  /**
   * Whether this error says that the connection is gone: {@code asyncore._DISCONNECTED}. {@code
   * send} and {@code recv} answer it with {@code handleClose}.
   */
  public boolean isDisconnected() {
    return switch (this) {
      case ECONNRESET, ENOTCONN, ESHUTDOWN, ECONNABORTED, EPIPE, EBADF -> true;
      default -> false;
    };
  }
}
