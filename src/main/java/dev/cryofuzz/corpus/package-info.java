/** Scenarios on disk: reading, storing, and telling which of them are worth keeping. */
package dev.cryofuzz.corpus;
