package dev.cryofuzz.cli;

/** What a command works with. */
record Surroundings(Console console, Bench bench, Stop stop) {}
