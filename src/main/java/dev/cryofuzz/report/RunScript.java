package dev.cryofuzz.report;

import dev.cryofuzz.scenario.Scenario;

/** The file run.sh of a finding: replays it where nothing is known but where cryofuzz lies. */
final class RunScript {
  private static final String TEXT =
      """
      #!/bin/sh
      # Replays this finding with the cryofuzz, or the cryofuzz.jar, that is named:
      #
      #   CRYOFUZZ=/path/to/cryofuzz ./run.sh%1$s
      #
      # Expected: %2$s
      # The exit code is that of replay: 1 if it fails, 5 if it does not.
      set -eu
      here=$(cd "$(dirname "$0")" && pwd)
      if [ -z "${CRYOFUZZ-}" ]; then
        echo "where is cryofuzz? type: CRYOFUZZ=/path/to/cryofuzz $0 $*" >&2
        exit 2
      fi
      case $CRYOFUZZ in
      *.jar) exec java -jar "$CRYOFUZZ" replay "$@" "$here/scenario.json" ;;
      *) exec "$CRYOFUZZ" replay "$@" "$here/scenario.json" ;;
      esac
      """;

  private RunScript() {}

  /** A target of one's own is named by whoever runs it, else it is not loaded. */
  static String of(Scenario scenario) {
    String target =
        scenario
            .library()
            .map(
                path ->
                    " --target PATH/" + Printable.line(path.substring(path.lastIndexOf('/') + 1)))
            .orElse("");
    return TEXT.formatted(target, Printable.line(scenario.expect().orElse("no finding")));
  }
}
