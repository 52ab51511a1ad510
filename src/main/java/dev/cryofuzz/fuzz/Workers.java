package dev.cryofuzz.fuzz;

import dev.cryofuzz.corpus.UnwritableFolder;

/** Starts workers. */
public interface Workers {
  /** Begins or goes on with a job; the one before must have been closed. */
  WorkerLink start(Job job, long seed, long runs) throws UnwritableFolder;
}
