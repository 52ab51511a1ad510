/** Targets as the C side describes them. Pure: somebody else runs {@code executor --describe}. */
package dev.cryofuzz.target;
