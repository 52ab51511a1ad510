/**
 * Why a scenario fails, found out by experiment: something is held still, and the target explored
 * again. Only asks an executor; has no clock and no randomness.
 */
package dev.cryofuzz.explain;
