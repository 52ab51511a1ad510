package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Carrier;
import dev.cryofuzz.executor.HarnessException;
import dev.cryofuzz.executor.Strategy;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.RunOption;
import java.util.Iterator;
import java.util.List;

/** Values that a shell offers, as they are typed. */
abstract class Candidates implements Iterable<String> {
  private final List<String> values;

  private Candidates(List<String> values) {
    this.values = values;
  }

  @Override
  public Iterator<String> iterator() {
    return values.iterator();
  }

  /**
   * @param names as messages list them
   */
  private static List<String> split(String names) {
    return List.of(names.split(", "));
  }

  static final class Carriers extends Candidates {
    Carriers() {
      super(split(Carrier.names()));
    }
  }

  static final class ReplayCarriers extends Candidates {
    ReplayCarriers() {
      super(split(Carrier.names() + ", " + Carrier.NATIVE.text()));
    }
  }

  static final class Formats extends Candidates {
    Formats() {
      super(split(ReportFormat.names() + ", " + ReportCommand.GITHUB));
    }
  }

  static final class Models extends Candidates {
    Models() {
      super(split(MemoryModel.names()));
    }
  }

  static final class RunOptions extends Candidates {
    RunOptions() {
      super(split(RunOption.names()));
    }
  }

  static final class Schemas extends Candidates {
    Schemas() {
      super(List.copyOf(SchemaCommand.SCHEMAS.keySet()));
    }
  }

  static final class Strategies extends Candidates {
    Strategies() {
      super(split(Strategy.names()));
    }
  }

  /** Those that are built, at the time at which the script is printed. */
  static final class Targets extends Candidates {
    Targets(Surroundings around) {
      super(built(around));
    }

    private static List<String> built(Surroundings around) {
      try {
        return around.bench().targets();
      } catch (HarnessException e) {
        return List.of();
      }
    }
  }
}
