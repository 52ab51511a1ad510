package dev.cryofuzz.oracle;

/** A violation as the native side raised it: the number of its kind, its place, what it was. */
public record RawViolation(int kind, String site, String detail) {}
