package org.asyncore.faults;

import org.asyncore.Dispatcher;

/** The dispatcher of a run, in one of its forms. */
interface Subject {
  Conduct conduct();

  /** What it does first on its connection; the loop calls it for a client, the run for a server. */
  void greet();

  default Dispatcher dispatcher() {
    return (Dispatcher) this;
  }
}
