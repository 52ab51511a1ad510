package dev.cryofuzz.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cryofuzz.Golden;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScenarioJsonTest {
  private static final String HEAD =
      "{ \"cryofuzz\": 1,\n \"target\": \"t\", \"variant\": \"v\",\n \"memory\": \"weak\"";

  private static Scenario read(String json) throws MalformedScenario {
    return ScenarioJson.read("some.json", json.getBytes(UTF_8));
  }

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(MalformedScenario.class)
        .hasMessageStartingWith(message);
  }

  static Stream<Path> valid() {
    return Examples.files("valid").stream();
  }

  @Test
  void theExampleOfTheDesignIsCanonical() throws Exception {
    String text = Golden.resource("scenario/valid/stale-read.json");
    Scenario scenario = read(text);
    assertThat(scenario.events()).hasSize(1);
    assertThat(scenario.events().get(0))
        .isEqualTo(
            new Event(Anchor.at("reader", 2).withSite("queue.c:57", 0), new Action.Stale(1)));
    assertThat(scenario.expect()).contains("stale-read in queue.pop");
    assertThat(ScenarioJson.write(scenario)).isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void canonicalFilesAreWrittenAsTheyWereRead(Path file) throws Exception {
    String text = Files.readString(file);
    Scenario scenario = read(text);
    assertThat(read(ScenarioJson.write(scenario))).isEqualTo(scenario);
    if (!file.toString().contains("not-canonical")) {
      assertThat(ScenarioJson.write(scenario)).isEqualTo(text);
    }
  }

  /** Whatever the byte codec comes up with is written, read and written again the same. */
  @Test
  void writeAndReadAreInverse() throws Exception {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 5000; i++) {
      Shape shape = List.of(Examples.QUEUE, Examples.MAILBOX, Examples.ALONE).get(i % 3);
      Scenario scenario = new ScenarioBytes(shape).decode(Examples.randomBytes(random));
      String text = ScenarioJson.write(scenario);
      assertThat(read(text)).isEqualTo(scenario);
      assertThat(ScenarioJson.write(read(text))).isEqualTo(text);
    }
  }

  @Test
  void unknownVersionsAreRefusedBeforeAnythingElse() {
    assertRefused(
        "{ \"new\": true,\n\"cryofuzz\": 2 }",
        "some.json:2: cryofuzz=2, an unknown format version: expected format version 1");
    assertRefused("{ \"target\": \"t\" }", "some.json:1: cryofuzz: missing");
    assertRefused("{ \"cryofuzz\": \"1\" }", "some.json:1: cryofuzz: the text \"1\", expected");
    assertRefused("{ \"cryofuzz\": 1.0 }", "some.json:1: cryofuzz: 1.0, expected");
  }

  @Test
  void errorsHaveLineAndField() {
    assertRefused(HEAD + ",\n\n \"event\": [] }", "some.json:5: event: unknown, expected one of");
    assertRefused(
        HEAD + ",\n \"events\": [\n { \"at\": \"r#1\",\n \"do\": \"compact\" } ] }",
        "some.json:6: do=compact, unknown to format version 1: expected one of switch, delay");
    assertRefused(
        HEAD + ",\n \"events\": [\n { \"at\": \"r#1\", \"do\": \"stale\",\n \"back\": 17 } ] }",
        "some.json:6: back=17: expected a number from 1 to 16");
    assertRefused(
        HEAD + ",\n \"events\": [\n { \"at\": \"r#1\",\n \"do\": \"stale\" } ] }",
        "some.json:5: back: missing, expected a number from 1 to 16");
    assertRefused(
        HEAD + ",\n \"events\": [\n { \"at\": \"r1\", \"do\": \"drop\" } ] }",
        "some.json:5: at=r1: expected actor#point like \"reader#12\"");
    assertRefused(
        HEAD + ",\n \"events\": [\n { \"at\": \"r#4\", \"do\": \"hold\", \"until\": 4 } ] }",
        "some.json:5: until=4: expected a point after 4");
    assertRefused(
        HEAD + ",\n \"params\": {\n \"writers\": \"two\" } }",
        "some.json:5: writers: the text \"two\", expected a number");
    assertRefused(
        HEAD + ",\n \"events\": [ 7 ] }", "some.json:4: event: the number 7, expected an object");
  }

  @Test
  void aFreezeSaysWithWhatAndWhere() throws Exception {
    String event =
        HEAD
            + ",\n \"events\": [\n { \"at\": \"r#1\", \"do\": \"infect\","
            + " \"with\": \"inject\", \"commands\": 2, \"where\": \"step 7\" } ] }";
    assertThat(read(event).events())
        .containsExactly(Event.of("r", 1, new Action.Infect("inject", 2, Where.step(7))));
    assertThat(read(event.replace("step 7", "here")).events())
        .containsExactly(Event.of("r", 1, new Action.Infect("inject", 2, Where.HERE)));
    assertRefused(
        event.replace("\"inject\"", "\"gdb\""), "some.json:5: with=gdb: expected \"inject\"");
    assertRefused(
        event.replace("step 7", "step 65"),
        "some.json:5: where=step 65: expected \"here\", \"inside\" or \"step N\" with N from 1 to 64");
    assertRefused(
        event.replace(": 2,", ": 7,"), "some.json:5: commands=7: expected a number from 0 to 6");
  }

  @Test
  void eventsThatTheMemoryModelCannotHaveAreRefusedWithTheirLine() {
    String sc = HEAD.replace("weak", "sc");
    assertRefused(
        sc + ",\n \"events\": [\n { \"at\": \"r#1\", \"do\": \"hold\", \"until\": 4 } ] }",
        "some.json:5: do=hold, impossible under memory=sc: expected memory=x86 or weaker");
    assertRefused(
        HEAD.replace("weak", "x86")
            + ",\n \"events\": [\n { \"at\": \"r#1\", \"do\": \"stale\", \"back\": 1 } ] }",
        "some.json:5: do=stale, impossible under memory=x86: expected memory=weak or weaker");
  }

  @Test
  void whatIsSaidTwiceIsRefused() {
    assertRefused(
        HEAD + ",\n \"target\": \"u\" }", "some.json:4: not JSON: Duplicate field 'target'");
    String drop = "{ \"at\": \"r#1\", \"do\": \"drop\" }";
    assertRefused(
        HEAD + ",\n \"events\": [ " + drop + ",\n " + drop + " ] }",
        "some.json:5: do=drop: expected no second one at r#1");
  }

  @Test
  void brokenFilesAreRefusedWithTheLineOfTheBreak() {
    assertRefused("", "some.json:1: scenario: an empty file, expected an object");
    assertRefused("nonsense", "some.json:1: not JSON: Unrecognized token 'nonsense'");
    assertRefused(HEAD, "some.json:3: not JSON: Unexpected end-of-input");
    assertRefused(HEAD + " }\n{", "some.json:4: something follows, expected the end of the file");
    assertThatThrownBy(() -> read("[".repeat(2000)))
        .hasMessage(
            "some.json:1: not JSON: Document nesting depth (17) exceeds the maximum allowed (16)");
    assertThatThrownBy(() -> ScenarioJson.read("x.json", new byte[] {'"', (byte) 0xff, '"'}))
        .hasMessage("x.json:1: not UTF-8, expected JSON text");
  }

  @Test
  void aHugeFileIsRefusedWithoutBeingRead() {
    InputStream endless =
        new InputStream() {
          private int left = ScenarioJson.MAX_BYTES + 1;

          @Override
          public int read() {
            if (left-- == 0) {
              throw new AssertionError("read on");
            }
            return ' ';
          }
        };
    assertThatThrownBy(() -> ScenarioJson.read("huge.json", endless))
        .isInstanceOf(MalformedScenario.class)
        .hasMessage("huge.json:1: too big for a scenario, expected at most 1048576 bytes");
  }
}
