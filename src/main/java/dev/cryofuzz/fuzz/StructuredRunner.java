package dev.cryofuzz.fuzz;

import dev.cryofuzz.scenario.Scenario;
import dev.cryofuzz.scenario.ScenarioBytes;
import dev.cryofuzz.sys.NativeBytes;
import java.util.SplittableRandom;

/**
 * The other door into Jazzer's driver: it calls these by name and shape, and libFuzzer mutates
 * through them instead of changing bytes. What a mutation means is known here, not there.
 */
public final class StructuredRunner {
  /** What the driver knows as answers of an input. */
  private static final int CONTINUE = 0;

  private static final int RETURN = -2;

  private static Worker worker;
  private static Mutator mutator;
  private static ScenarioBytes form;

  private StructuredRunner() {}

  static void serve(Worker ofThisProcess, Mutator mutations, ScenarioBytes bytes) {
    worker = ofThisProcess;
    mutator = mutations;
    form = bytes;
  }

  /** Called by the driver for each input. */
  static int runOne(long data, int size) {
    FuzzTarget.guarded(() -> worker.run(NativeBytes.read(data, size)));
    return worker.isOver() ? RETURN : CONTINUE;
  }

  /** Called by the driver to change an input in place; returns its new size. */
  static int mutateOne(long data, int size, int maxSize, int seed) {
    return FuzzTarget.orGiveUp(
        () -> {
          Scenario scenario = form.decode(NativeBytes.read(data, size));
          Scenario changed = mutator.mutate(scenario, new SplittableRandom(seed));
          return put(changed, data, size, maxSize);
        });
  }

  /** Called by the driver to make one input of two; returns its size. */
  static int crossOver(
      long data1, int size1, long data2, int size2, long out, int maxOut, int seed) {
    return FuzzTarget.orGiveUp(
        () -> {
          Scenario first = form.decode(NativeBytes.read(data1, size1));
          Scenario second = form.decode(NativeBytes.read(data2, size2));
          return put(mutator.cross(first, second, new SplittableRandom(seed)), out, 0, maxOut);
        });
  }

  private static int put(Scenario scenario, long data, int otherwise, int maxSize) {
    byte[] bytes = form.encode(scenario);
    if (bytes.length > maxSize) {
      return otherwise;
    }
    NativeBytes.write(data, bytes);
    return bytes.length;
  }
}
