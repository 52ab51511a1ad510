package dev.cryofuzz.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.finding.Verdict;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Param;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.target.DescribedParam;
import dev.cryofuzz.target.TargetDescription;
import dev.cryofuzz.target.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every target promises: its default runs pass, and each twice with the same trace. */
@Tag("process")
@Timeout(120)
class EveryTargetTest {
  private static final Targets TARGETS = Targets.here();

  static Stream<String> controlledTargets() {
    return TARGETS.names().stream().filter(name -> !TARGETS.describe(name).external());
  }

  @ParameterizedTest
  @MethodSource("controlledTargets")
  void defaultRunsPassTwiceTheSame(String name) {
    TargetDescription target = TARGETS.describe(name);
    try (NativeExecutor executor = TARGETS.openNative(name, NativeExecutor.Options.anywhere())) {
      for (Scenario scenario : defaultRuns(target)) {
        assertThat(DefaultRun.check(executor, scenario))
            .as(scenario.toString())
            .isEqualTo(new Verdict.Pass());
      }
    }
  }

  /** Of each variant under each model; of good ones with each param at both of its bounds too. */
  private static List<Scenario> defaultRuns(TargetDescription target) {
    List<Scenario> runs = new ArrayList<>();
    for (Variant variant : target.variants()) {
      for (MemoryModel model : MemoryModel.values()) {
        runs.add(target.shape(variant.name(), model).defaultRun());
      }
      Scenario weak = target.shape(variant.name(), MemoryModel.WEAK).defaultRun();
      for (var described : variant.isGood() ? target.params() : List.<DescribedParam>of()) {
        Param param = described.param();
        runs.add(weak.withParam(param.name(), param.min()));
        runs.add(weak.withParam(param.name(), param.max()));
      }
    }
    return runs;
  }

  static Stream<String> targets() {
    return TARGETS.names().stream();
  }

  /**
   * A bug that shows without any event has nothing to be found by: of no variant, external or not.
   */
  @ParameterizedTest
  @MethodSource("targets")
  void theDefaultRunOfEveryVariantPasses(String name) {
    TargetDescription target = TARGETS.describe(name);
    assertThat(target.unsupported()).isEmpty();
    try (NativeExecutor executor = TARGETS.openNative(name, NativeExecutor.Options.anywhere())) {
      for (Variant variant : target.variants()) {
        Scenario scenario = target.shape(variant.name(), MemoryModel.WEAK).defaultRun();
        for (RunMode mode : List.of(RunMode.FRESH, RunMode.KEPT)) {
          assertThat(executor.run(scenario, mode).verdict())
              .as(name + " " + variant.name())
              .isEqualTo(new Verdict.Pass());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("controlledTargets")
  void noAccessGoesUnannounced(String name) {
    TargetDescription target = TARGETS.describe(name);
    Scenario scenario = target.shape(target.defaultVariant().name(), MemoryModel.SC).defaultRun();
    try (NativeExecutor executor = TARGETS.openNative(name, NativeExecutor.Options.anywhere())) {
      Run run = executor.run(scenario, RunMode.FRESH.withAudit());
      assertThat(run.verdict()).isEqualTo(new Verdict.Pass());
      assertThat(run.unannounced()).isEmpty();
      assertThat(run.unseen()).isZero();
    }
  }
}
