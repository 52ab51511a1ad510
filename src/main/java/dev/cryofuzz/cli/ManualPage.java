package dev.cryofuzz.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** A manual page in the language of man, made of what the command's help says. */
final class ManualPage {
  private final StringBuilder out = new StringBuilder();

  private ManualPage() {}

  static String of(CommandSpec spec) {
    ManualPage page = new ManualPage();
    UsageMessageSpec help = spec.usageMessage();
    String name = spec.qualifiedName("-");
    page.out.append(".TH ").append(name.toUpperCase(Locale.ROOT)).append(" 1\n");
    page.section("NAME");
    page.text(name + " - " + firstSentence(help.description()));
    page.section("SYNOPSIS");
    page.text(spec.commandLine().getHelp().synopsis(0).strip().replaceAll("\\s+", " "));
    page.section("DESCRIPTION");
    Arrays.stream(help.description()).forEach(page::paragraph);
    page.arguments(spec);
    page.commands(spec);
    page.entries("EXIT STATUS", help.exitCodeList());
    if (help.footer().length > 0) {
      page.section("EXAMPLE");
      Arrays.stream(help.footer()).forEach(page::paragraph);
    }
    return page.out.toString();
  }

  private static String firstSentence(String... description) {
    String text = description.length == 0 ? "" : description[0];
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end);
  }

  private void arguments(CommandSpec spec) {
    if (!spec.args().isEmpty()) {
      section("OPTIONS");
      spec.positionalParameters().forEach(each -> argument(each.paramLabel(), each));
      spec.options().forEach(each -> argument(names(each), each));
    }
  }

  private static String names(OptionSpec option) {
    String names = String.join(", ", option.names());
    return option.arity().max() == 0 ? names : names + " " + option.paramLabel();
  }

  private void argument(String name, ArgSpec argument) {
    entry(name, String.join(" ", argument.description()));
  }

  private void commands(CommandSpec spec) {
    if (!spec.subcommands().isEmpty()) {
      section("COMMANDS");
      spec.subcommands()
          .forEach(
              (name, line) ->
                  entry(name, firstSentence(line.getCommandSpec().usageMessage().description())));
    }
  }

  private void entries(String title, Map<String, String> entries) {
    if (!entries.isEmpty()) {
      section(title);
      entries.forEach((name, what) -> entry(name.strip(), what));
    }
  }

  private void section(String title) {
    out.append(".SH ").append(title).append('\n');
  }

  private void paragraph(String text) {
    text(text.strip());
    out.append(".PP\n");
  }

  private void entry(String name, String what) {
    out.append(".TP\n.B ").append(escaped(name)).append('\n');
    text(what);
  }

  private void text(String text) {
    out.append(escaped(text)).append('\n');
  }

  /**
   * A backslash, and a line that begins with a dot or a quote, are commands; a bare dash is a
   * hyphen.
   */
  private static String escaped(String text) {
    String plain =
        text.replace("\\", "\\e").replace("-", "\\-").replace("%n", " ").replace("$$", "$");
    return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
  }
}
