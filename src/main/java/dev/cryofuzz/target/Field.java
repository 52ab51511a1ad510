package dev.cryofuzz.target;

/** A field of a target's messages, which rewrite events name. */
public record Field(String name, int offset, int size) {}
