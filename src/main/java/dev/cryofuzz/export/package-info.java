/**
 * Failures as programs that need nothing of cryofuzz. Pure: a run in, a program's text out; who
 * builds and tries it is somebody else's business.
 */
package dev.cryofuzz.export;
