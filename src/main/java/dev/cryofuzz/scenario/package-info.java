/**
 * What is run: a target plus a short list of events pinned to points, and its JSON and byte forms.
 * Pure: no I/O, clock, threads or randomness, and nothing of ours is imported.
 */
package dev.cryofuzz.scenario;
