package dev.cryofuzz.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cryofuzz.Golden;
import dev.cryofuzz.Schemas;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether Perfetto would take it: by schema, and by the rules that no schema can say. */
class PerfettoJsonTest {
  static Stream<FindingReport> reports() {
    return Stream.of(Samples.report(), Samples.hostile(), Samples.longRun());
  }

  @ParameterizedTest
  @MethodSource("reports")
  void itIsInTheTraceEventFormat(FindingReport report) throws IOException {
    Schemas.assertValid(
        Golden.resource("report/trace-events.schema.json"), PerfettoJson.of(report));
  }

  @ParameterizedTest
  @MethodSource("reports")
  void slicesOfATrackFollowEachOther(FindingReport report) {
    Map<String, Long> ends = new HashMap<>();
    for (JsonNode event : events(report, "X")) {
      assertThat(time(event)).isGreaterThanOrEqualTo(ends.getOrDefault(track(event), 0L));
      ends.put(track(event), time(event) + event.path("dur").longValue());
    }
    assertThat(ends).isNotEmpty();
  }

  /** An arrow whose end is in no slice is not drawn. */
  @ParameterizedTest
  @MethodSource("reports")
  void arrowsGoForwardFromSliceToSlice(FindingReport report) {
    Set<String> slices = new HashSet<>();
    events(report, "X").forEach(slice -> slices.add(track(slice) + "@" + time(slice)));
    Map<Long, JsonNode> begun = new HashMap<>();
    events(report, "s").forEach(start -> begun.put(start.path("id").longValue(), start));
    assertThat(begun).isNotEmpty();
    for (JsonNode finish : events(report, "f")) {
      JsonNode start = begun.remove(finish.path("id").longValue());
      assertThat(start.path("cat")).isEqualTo(finish.path("cat"));
      assertThat(start.path("name")).isEqualTo(finish.path("name"));
      assertThat(time(start)).isLessThan(time(finish));
      assertThat(slices).contains(sliceAround(start), sliceAround(finish));
    }
    assertThat(begun).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("reports")
  void eachTrackHasAName(FindingReport report) {
    Set<String> named = new HashSet<>();
    events(report, "M").stream()
        .filter(event -> event.path("name").asText().equals("thread_name"))
        .forEach(event -> named.add(track(event)));
    events(report, "X").forEach(slice -> assertThat(named).contains(track(slice)));
  }

  /** Else two actors share a track: its number is that of a thread, which is one in the machine. */
  @ParameterizedTest
  @MethodSource("reports")
  void noTwoTracksHaveOneNumber(FindingReport report) {
    Map<Integer, Integer> processes = new HashMap<>();
    for (JsonNode slice : events(report, "X")) {
      int process = slice.path("pid").intValue();
      Integer before = processes.putIfAbsent(slice.path("tid").intValue(), process);
      assertThat(before).isIn(null, process);
    }
    assertThat(processes).hasSizeGreaterThan(1);
  }

  private static String sliceAround(JsonNode event) {
    return track(event) + "@" + time(event) / 10 * 10;
  }

  private static List<JsonNode> events(FindingReport report, String phase) {
    JsonNode all = Json.read(PerfettoJson.of(report)).path("traceEvents");
    return Stream.iterate(0, i -> i < all.size(), i -> i + 1)
        .map(i -> all.get(i))
        .filter(event -> event.path("ph").asText().equals(phase))
        .toList();
  }

  private static String track(JsonNode event) {
    return event.path("pid") + "/" + event.path("tid");
  }

  private static long time(JsonNode event) {
    return event.path("ts").longValue();
  }
}
