/**
 * Campaigns: a worker process in which Jazzer mutates scenarios and runs them, and the parent's
 * side of it. Types of Jazzer appear here only.
 */
package dev.cryofuzz.fuzz;
