/**
 * Makes failing scenarios small: what is left of one is the explanation of its failure. Only asks
 * an executor; has no clock and no randomness.
 */
package dev.cryofuzz.shrink;
