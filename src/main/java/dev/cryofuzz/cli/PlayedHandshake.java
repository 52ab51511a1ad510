package dev.cryofuzz.cli;

import dev.cryofuzz.executor.Executor;
import dev.cryofuzz.executor.Targets;
import dev.cryofuzz.executor.TracedRun;
import dev.cryofuzz.export.HandshakeRefusal;
import dev.cryofuzz.export.HandshakeRun;
import dev.cryofuzz.export.Refusal;
import dev.cryofuzz.finding.Finding;
import dev.cryofuzz.report.Control;
import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.target.Field;
import dev.cryofuzz.trace.Trace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** All that the program of a handshake is made of; its control is played here. */
final class PlayedHandshake {
  private final Scenario scenario;
  private final Executor executor;
  private final Path home = Facts.home();

  PlayedHandshake(Scenario scenario, Executor executor) {
    this.scenario = scenario;
    this.executor = executor;
  }

  /** Throws Refusal if there is no such program. */
  HandshakeRun of(Trace trace, Finding finding) {
    HandshakeRefusal.of(finding, trace)
        .ifPresent(
            reason -> {
              throw new Refusal(reason);
            });
    return new HandshakeRun(
        finding,
        played(scenario, trace),
        control(),
        new TargetSources(home, scenario).of(HandshakeRun.files(trace)),
        Exported.file(home.resolve("harness/include/cryofuzz.h")),
        executor.target().fields().stream()
            .collect(
                Collectors.toMap(
                    Field::name, field -> new HandshakeRun.Field(field.offset(), field.size()))),
        executor.target().variantIndex(scenario.variant()),
        Targets.SEGMENT_ADDRESS,
        new Sources(home).lines(scenario, List.of(trace)));
  }

  private HandshakeRun.Played played(Scenario one, Trace trace) {
    return new HandshakeRun.Played(
        one,
        trace,
        List.copyOf(
            executor.target().params().stream()
                .map(param -> values(one).get(param.param().name()))
                .toList()));
  }

  private Map<String, Integer> values(Scenario one) {
    return executor.target().shape(one.variant(), one.memory()).complete(one.params());
  }

  /** None, if what it is compared with fails as well, or can't be had either. */
  private Optional<HandshakeRun.Control> control() {
    Map<String, Integer> defaults = values(scenario.withParams(Map.of()));
    return Control.plan(scenario, defaults).flatMap(plan -> played(plan));
  }

  private Optional<HandshakeRun.Control> played(Control.Plan plan) {
    Scenario passing = plan.scenario();
    TracedRun traced = executor.runTraced(passing, Replay.mode(passing, executor));
    return traced.run().passed() && HandshakeRefusal.ofRun(traced.trace()).isEmpty()
        ? Optional.of(new HandshakeRun.Control(plan.without(), played(passing, traced.trace())))
        : Optional.empty();
  }
}
