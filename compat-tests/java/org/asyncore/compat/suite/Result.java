package org.asyncore.compat.suite;

/**
 * How a case ended, and why.
 *
 * @param tried the case
 * @param outcome how it ended
 * @param entry the entry of docs/differences.md that names the difference; null if none does
 * @param why what differs, or what went wrong; empty if nothing
 */
record Result(Case tried, Outcome outcome, String entry, String why) {}
