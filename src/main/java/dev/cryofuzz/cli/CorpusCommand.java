package dev.cryofuzz.cli;

import picocli.CommandLine.Command;

/** What can be done with saved scenarios as a whole. */
@Command(
    name = "corpus",
    description = "Look after saved scenarios.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CorpusStatsCommand.class,
      CorpusCheckCommand.class,
      CorpusMergeCommand.class,
      CorpusPruneCommand.class
    })
final class CorpusCommand {}
