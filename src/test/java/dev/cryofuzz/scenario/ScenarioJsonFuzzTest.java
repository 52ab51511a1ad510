package dev.cryofuzz.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Our own parser is fuzzed. As a test it replays its inputs; with {@code JAZZER_FUZZ=1} it looks
 * for new ones.
 */
class ScenarioJsonFuzzTest {
  @FuzzTest
  void readsOrRefuses(byte[] bytes) throws MalformedScenario {
    Scenario scenario;
    try {
      scenario = ScenarioJson.read("fuzzed.json", bytes);
    } catch (MalformedScenario e) {
      assertThat(e).hasMessageStartingWith("fuzzed.json:");
      return;
    }
    assertThat(ScenarioJson.read("again.json", ScenarioJson.bytes(scenario))).isEqualTo(scenario);
  }

  @FuzzTest
  void decodesWhateverItIsGiven(byte[] bytes) {
    ScenarioBytes codec = new ScenarioBytes(Examples.MAILBOX);
    Scenario scenario = codec.decode(bytes);
    assertThat(codec.decode(codec.encode(scenario))).isEqualTo(scenario);
  }
}
