/**
 * What whole traces say: pure, without processes. Violations within a run are raised by the native
 * side at once; here is what only the comparison of runs can show. An oracle is not told which
 * variant ran.
 */
package dev.cryofuzz.oracle;
