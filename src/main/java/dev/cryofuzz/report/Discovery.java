package dev.cryofuzz.report;

/**
 * Where in a campaign a failure was seen first.
 *
 * @param run the number of the run, from 1
 * @param opening whether every campaign begins with it, whatever its seed
 */
public record Discovery(long seed, long run, long milliseconds, boolean opening) {}
