package dev.cryofuzz.target;

/** A connected socket pair between the first actors of two roles. */
public record Channel(String name, String a, String b) {}
