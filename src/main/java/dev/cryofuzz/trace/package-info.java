/** What happened in a run, step by step, and its text form. Pure. */
package dev.cryofuzz.trace;
