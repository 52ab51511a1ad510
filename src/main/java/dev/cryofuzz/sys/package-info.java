/** The system: shared memory, futexes, processes, processors. The only place that knows JNR. */
package dev.cryofuzz.sys;
