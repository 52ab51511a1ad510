package dev.cryofuzz.corpus;

import dev.cryofuzz.scenario.Scenario;
import java.nio.file.Path;

/** A scenario and the file that it was read from. */
public record Entry(Path file, Scenario scenario) {}
