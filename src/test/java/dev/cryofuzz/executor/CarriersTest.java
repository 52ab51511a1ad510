package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.corpus.CorpusReader;
import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.Family;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same scenario is the same run, wherever its actors live: all of the corpus, of targets that
 * fit both carriers. (harness/tests/fibers.c does it with random scenarios.)
 */
@Tag("process")
@Timeout(120)
class CarriersTest {
  private static final Targets TARGETS = Targets.here();
  private static final Path CORPUS = Path.of(System.getProperty("cryofuzz.home"), "corpus");

  private static NativeExecutor open(String target, Carrier carrier) {
    return TARGETS.openNative(target, NativeExecutor.Options.anywhere().on(carrier));
  }

  static Stream<String> fit() {
    return TARGETS.names().stream().filter(name -> TARGETS.describe(name).fibers());
  }

  private static List<Scenario> corpus(String target) {
    return CorpusReader.read(List.of(CORPUS.resolve(target))).entries().stream()
        .map(entry -> entry.scenario())
        .toList();
  }

  private static boolean freezes(Scenario scenario) {
    return scenario.events().stream()
        .map(Event::action)
        .anyMatch(action -> action.family() == Family.FREEZE);
  }

  @ParameterizedTest
  @MethodSource("fit")
  void theCorpusHasTheSameTracesOnBoth(String target) {
    List<Scenario> scenarios =
        corpus(target).stream().filter(scenario -> !freezes(scenario)).toList();
    int compared = 0;
    try (NativeExecutor processes = open(target, Carrier.PROCESS);
        NativeExecutor fibers = open(target, Carrier.FIBER)) {
      for (Scenario scenario : scenarios) {
        TracedRun process = processes.runTraced(scenario, RunMode.KEPT.anchoredBySite());
        TracedRun fiber = fibers.runTraced(scenario, RunMode.KEPT.anchoredBySite());
        if (needsProcesses(fiber.run().verdict())) {
          continue;
        }
        compared++;
        assertThat(fiber.trace()).as(scenario.toString()).isEqualTo(process.trace());
        assertThat(fiber.run()).as(scenario.toString()).isEqualTo(process.run());
        assertThat(fiber.run().verdict().title().map(Object::toString))
            .as(scenario.toString())
            .isEqualTo(scenario.expect());
      }
    }
    assertThat(2 * compared).isGreaterThanOrEqualTo(scenarios.size());
  }

  private static boolean needsProcesses(Verdict verdict) {
    return verdict instanceof Verdict.Unsupported unsupported
        && unsupported.reason().matches(".* needs (processes|a process of its own)");
  }

  @ParameterizedTest
  @MethodSource("fit")
  void whatFreezesNeedsProcessesAndGetsThem(String target) {
    for (Scenario scenario : corpus(target)) {
      if (freezes(scenario)) {
        assertThat(verdict(scenario, Carrier.FIBER))
            .isInstanceOfSatisfying(
                Verdict.Unsupported.class,
                unsupported ->
                    assertThat(unsupported.reason())
                        .startsWith("carrier fiber: the event ")
                        .endsWith(" needs processes"));
      }
    }
  }

  @Test
  void aTargetWithProcessesOfItsOwnNeedsProcesses() {
    Scenario scenario = Scenario.of("inject", "careful", MemoryModel.SC);
    assertThat(verdict(scenario, Carrier.FIBER))
        .isEqualTo(new Verdict.Unsupported("carrier fiber: the target inject needs processes"));
    assertThat(verdict(scenario, Carrier.ANY)).isEqualTo(new Verdict.Pass());
  }

  private static Verdict verdict(Scenario scenario, Carrier carrier) {
    try (NativeExecutor executor = open(scenario.target(), carrier)) {
      return executor.run(scenario, RunMode.KEPT).verdict();
    }
  }
}
