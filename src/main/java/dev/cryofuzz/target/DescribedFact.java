package dev.cryofuzz.target;

import java.util.Optional;

/**
 * What a target may say of a run.
 *
 * @param under the branch of the fault tree that it is on
 * @param harmless whether it is no fault, and in no tree
 */
public record DescribedFact(String id, Optional<String> under, String what, boolean harmless) {}
