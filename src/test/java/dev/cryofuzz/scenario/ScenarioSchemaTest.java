package dev.cryofuzz.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.cryofuzz.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reader and the schema agree on every example and on every file of the corpus. */
class ScenarioSchemaTest {
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(ScenarioSchema.text());

  static Stream<Path> accepted() {
    return Stream.concat(Examples.files("valid").stream(), corpus());
  }

  static Stream<Path> rejected() {
    return Examples.files("rejected").stream();
  }

  /** Wrong in a way that no schema can say. */
  static Stream<Path> rejectedByTheReader() {
    return Examples.files("rejected-by-reader").stream();
  }

  private static Stream<Path> corpus() {
    Path folder = Golden.home().resolve("corpus");
    if (!Files.isDirectory(folder)) {
      return Stream.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> scenarios = files.filter(file -> file.toString().endsWith(".json")).toList();
      return scenarios.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<ValidationMessage> errors(String json) {
    return SCHEMA.validate(json, InputFormat.JSON);
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void acceptedByBoth(Path file) throws Exception {
    ScenarioJson.read(file.toString(), Files.readAllBytes(file));
    assertThat(errors(Files.readString(file))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("rejected")
  void rejectedByBoth(Path file) throws Exception {
    assertRejectedByReader(file);
    assertThat(errors(Files.readString(file))).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("rejectedByTheReader")
  void rejectedByTheReaderOnly(Path file) throws Exception {
    assertRejectedByReader(file);
    assertThat(errors(Files.readString(file))).isEmpty();
  }

  private static void assertRejectedByReader(Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    assertThatThrownBy(() -> ScenarioJson.read(file.getFileName().toString(), bytes))
        .isInstanceOf(MalformedScenario.class)
        .hasMessageMatching("(?s)" + file.getFileName() + ":[1-9][0-9]*: .+");
  }

  @Test
  void whateverCanBeWrittenIsAccepted() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 300; i++) {
      Shape shape = List.of(Examples.QUEUE, Examples.MAILBOX, Examples.ALONE).get(i % 3);
      Scenario scenario = new ScenarioBytes(shape).decode(Examples.randomBytes(random));
      assertThat(errors(ScenarioJson.write(scenario))).isEmpty();
    }
  }

  @Test
  void theTextIsTheSameEveryTime() {
    assertThat(ScenarioSchema.text()).isEqualTo(ScenarioSchema.text()).contains("2020-12");
  }
}
