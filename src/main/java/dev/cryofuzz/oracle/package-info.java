/** From what a run left behind to its finding. Pure. */
package dev.cryofuzz.oracle;
