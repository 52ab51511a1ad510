package dev.cryofuzz.explain;

/** What an intervention shows. */
public enum Judgement {
  /** With it the failure can't be had, and nothing fails that did not fail without it. */
  CAUSE,
  /** The failure can be had all the same. */
  EXCLUDED,
  /** Too little is known; or it fails, but otherwise. */
  UNDECIDED
}
