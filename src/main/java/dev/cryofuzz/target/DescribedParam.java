package dev.cryofuzz.target;

import dev.cryofuzz.scenario.Param;

/** A parameter, and one line for people on what it is. */
public record DescribedParam(Param param, String what) {}
