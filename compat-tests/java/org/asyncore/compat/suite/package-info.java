/**
 * The suite: plays every scenario in each mode on each transport, compares with what CPython did,
 * and reports.
 */
package org.asyncore.compat.suite;
