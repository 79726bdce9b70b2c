/**
 * Turns result files into the tables and charts of {@code docs/benchmarks.md} and its figures:
 * {@link org.asyncore.bench.report.Report}. {@link org.asyncore.bench.report.EchoRecording} draws
 * the recording of {@code docs/observing.md}.
 */
package org.asyncore.bench.report;
