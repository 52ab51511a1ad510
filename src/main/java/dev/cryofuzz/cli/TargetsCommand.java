package dev.cryofuzz.cli;

import dev.cryofuzz.report.Table;
import dev.cryofuzz.target.DescribedParam;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.target.Variant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists what there is to fuzz. */
@Command(
    name = "targets",
    description =
        "List targets with their roles, params and variants, and the title that each bad variant"
            + " must cause.")
final class TargetsCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "TARGET",
      description = "Only these, by name or as NAME.so.")
  private List<String> wanted = List.of();

  private final Surroundings around;

  TargetsCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    List<String> names = wanted.isEmpty() ? around.bench().targets() : wanted;
    List<TargetDescription> targets =
        names.stream().map(around.bench()::named).map(around.bench()::describe).toList();
    around
        .console()
        .data(targets.stream().map(TargetsCommand::text).collect(Collectors.joining("\n\n")));
    return ExitCode.CLEAN;
  }

  private static String text(TargetDescription target) {
    StringBuilder out = new StringBuilder(target.name() + ": " + target.summary());
    target.unsupported().ifPresent(reason -> out.append("\n  can't run here: ").append(reason));
    out.append("\n  roles: ").append(roles(target));
    out.append("\n  played by: ").append(target.fibers() ? "fibers or processes" : "processes");
    if (!target.params().isEmpty()) {
      out.append("\n\n").append(params(target).indent(2).stripTrailing());
    }
    out.append("\n\n").append(variants(target).indent(2).stripTrailing());
    return out.toString();
  }

  private static String roles(TargetDescription target) {
    return target.roles().stream()
        .map(role -> role.name() + role.count().map(count -> " × " + count).orElse(""))
        .collect(Collectors.joining(", "));
  }

  private static String params(TargetDescription target) {
    Table table = new Table("param", "from", "to", "default", "what");
    for (DescribedParam described : target.params()) {
      table.row(
          described.param().name(),
          described.param().min(),
          described.param().max(),
          described.param().def(),
          described.what());
    }
    return table.text();
  }

  private static String variants(TargetDescription target) {
    Table table = new Table("variant", "fails under", "with", "what");
    for (Variant variant : target.variants()) {
      table.row(
          variant.name(),
          variant.isGood() ? "-" : variant.memory().text(),
          variant.expect().orElse("-"),
          variant.what());
    }
    return table.text();
  }
}
