/** What users type and see. The only place that prints, and that ends the process. */
package dev.cryofuzz.cli;
