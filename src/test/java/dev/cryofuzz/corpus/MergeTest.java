package dev.cryofuzz.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cryofuzz.scenario.Action;
import dev.cryofuzz.scenario.Event;
import dev.cryofuzz.scenario.MemoryModel;
import dev.cryofuzz.scenario.Scenario;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MergeTest {
  private static Entry entry(String name, int events) {
    List<Event> some =
        IntStream.range(0, events)
            .mapToObj(point -> Event.of("reader", point, new Action.Delay(1)))
            .toList();
    return new Entry(Path.of(name), Scenario.of("queue", "full", MemoryModel.SC).withEvents(some));
  }

  private static BitSet bits(int... set) {
    BitSet bits = new BitSet();
    IntStream.of(set).forEach(bits::set);
    return bits;
  }

  @Test
  void onlyWhatSmallerOnesDoNotReachIsKept() {
    Entry big = entry("big", 3);
    Entry small = entry("small", 1);
    Entry same = entry("same", 1);
    Entry none = entry("none", 0);
    Map<Entry, BitSet> features =
        Map.of(big, bits(1, 2, 3), small, bits(1, 2), same, bits(2), none, bits());
    assertThat(Merge.keep(List.of(big, small, same, none), features::get))
        .containsExactly(small, big);
  }

  @Test
  void mergingWhatIsMergedChangesNothing() {
    Entry one = entry("one", 1);
    Entry two = entry("two", 2);
    Map<Entry, BitSet> features = Map.of(one, bits(1), two, bits(1, 5));
    List<Entry> kept = Merge.keep(List.of(two, one), features::get);
    assertThat(Merge.keep(kept, features::get)).isEqualTo(kept);
  }

  @Test
  void countsAreTakenInEightSteps() {
    byte[] counters = new byte[3];
    counters[0] = 1;
    counters[1] = 39;
    counters[2] = (byte) 255;
    BitSet features = Features.of(counters);
    assertThat(features.stream()).containsExactly(0, 8 + 6, 16 + 7);
    counters[1] = 40;
    assertThat(Features.of(counters)).isEqualTo(features);
  }
}
