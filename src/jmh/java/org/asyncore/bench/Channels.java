package org.asyncore.bench;

import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;

/**
 * Dispatchers that only wait. Those that override predicates do so in several classes, as the
 * dispatchers of one program are of several classes.
 */
final class Channels {
  private Channels() {}

  /** The library's own predicates. */
  static final class Inherited extends DispatcherWithSend {
    Inherited(SocketMap map) {
      super(map);
    }

    @Override
    public void handleConnect() {
      // Connected is all it wants to be.
    }
  }

  /** Always readable, writable until connected. */
  static class First extends Dispatcher {
    First(SocketMap map) {
      super(map);
    }

    @Override
    public boolean readable() {
      return true;
    }

    @Override
    public boolean writable() {
      return !connected();
    }

    @Override
    public void handleConnect() {
      // Connected is all it wants to be.
    }

    @Override
    public void handleWrite() {
      // It was connected by this event.
    }
  }

  /** Another class of the same kind. */
  static final class Second extends First {
    Second(SocketMap map) {
      super(map);
    }

    @Override
    public boolean writable() {
      return !connected();
    }
  }

  /** Another one. */
  static final class Third extends First {
    Third(SocketMap map) {
      super(map);
    }

    @Override
    public boolean writable() {
      return !connected();
    }
  }

  /** And another. */
  static final class Fourth extends First {
    Fourth(SocketMap map) {
      super(map);
    }

    @Override
    public boolean writable() {
      return !connected();
    }
  }

  /** Interested in nothing, once connected. */
  static final class Silent extends First {
    Silent(SocketMap map) {
      super(map);
    }

    @Override
    public boolean readable() {
      return !connected();
    }
  }
}
