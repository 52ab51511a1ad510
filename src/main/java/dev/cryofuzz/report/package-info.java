/**
 * What people read: findings and tables. Pure: data in, text out; who writes it to a file or a
 * terminal is somebody else's business. Texts that come from targets are hostile until they went
 * through {@link dev.cryofuzz.report.Printable} or {@link dev.cryofuzz.report.Markdown}.
 */
package dev.cryofuzz.report;
