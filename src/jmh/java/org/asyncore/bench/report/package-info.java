/**
 * Turns result files into the tables and charts of {@code docs/benchmarks.md}: {@link
 * org.asyncore.bench.report.Report}.
 */
package org.asyncore.bench.report;
