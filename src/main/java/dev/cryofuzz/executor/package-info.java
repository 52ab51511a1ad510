/**
 * Runs scenarios. {@link dev.cryofuzz.executor.Executor} is what all others know; the native one
 * drives a process of harness/executor through a control block in shared memory.
 */
package dev.cryofuzz.executor;
