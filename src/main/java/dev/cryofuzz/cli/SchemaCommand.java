package dev.cryofuzz.cli;

import dev.cryofuzz.report.FindingSchema;
import dev.cryofuzz.scenario.ScenarioSchema;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says what is in the JSON that cryofuzz reads and writes. */
@Command(
    name = "schema",
    description =
        "Print the JSON Schema of scenarios, of finding.json, of a line of findings.jsonl, or of"
            + " campaign.json, for editors and other tools.")
final class SchemaCommand implements Callable<Integer> {
  static final Map<String, Supplier<String>> SCHEMAS =
      new TreeMap<>(
          Map.of(
              "scenario", ScenarioSchema::text,
              "finding", FindingSchema::finding,
              "findings-line", FindingSchema::line,
              "campaign", FindingSchema::campaign));

  @Parameters(
      paramLabel = "NAME",
      completionCandidates = Candidates.Schemas.class,
      description = "scenario, finding, findings-line or campaign.")
  private String name;

  private final Surroundings around;

  SchemaCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    Supplier<String> schema = SCHEMAS.get(name);
    if (schema == null) {
      throw new UsageError("no schema '" + name + "', there are: " + SCHEMAS.keySet());
    }
    around.console().data(schema.get().stripTrailing());
    return ExitCode.CLEAN;
  }
}
