/** One server of every kind of connection, honest clients, and strangers who do it harm. */
package org.asyncore.strangers;
