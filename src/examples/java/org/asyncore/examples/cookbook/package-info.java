/**
 * The programs of docs/cookbook.md: each way in which programs use asyncore, as a class that runs
 * and that a test drives with a real client.
 */
package org.asyncore.examples.cookbook;
