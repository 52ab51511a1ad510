package dev.cryofuzz.sys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Hands 8-bit counters that somebody else increments to libFuzzer, through the functions that
 * compilers call for instrumented code. libFuzzer looks at them after each run and clears them
 * before the next; they and the table made here stay in use until the process ends.
 */
public final class CoverageCounters {
  /** An entry of libFuzzer's table of program counters: an address and flags. */
  private static final int ENTRY_BYTES = 16;

  /** Any address will do, no counter has code of its own; 0 would be an unused entry. */
  private static final long FIRST_PC = 0x10000;

  /** Memory of JNR is freed with its Pointer, but libFuzzer keeps the address. */
  private static final List<Pointer> KEPT = new ArrayList<>();

  private CoverageCounters() {}

  /** Public only because the code that JNR generates must see it. */
  public interface SanitizerCoverage {
    void __sanitizer_cov_8bit_counters_init(Pointer start, Pointer stop);

    void __sanitizer_cov_pcs_init(Pointer start, Pointer stop);
  }

  /**
   * Registers so many bytes at an address with the libFuzzer inside of a library that this process
   * has loaded, known by a part of its file name.
   */
  public static void register(String library, long address, int counters) {
    SanitizerCoverage coverage =
        LibraryLoader.create(SanitizerCoverage.class).load(loaded(library).toString());
    Runtime runtime = Runtime.getRuntime(coverage);
    coverage.__sanitizer_cov_8bit_counters_init(
        Pointer.wrap(runtime, address), Pointer.wrap(runtime, address + counters));
    Pointer table = table(runtime, counters);
    coverage.__sanitizer_cov_pcs_init(table, table.slice((long) counters * ENTRY_BYTES));
  }

  private static Pointer table(Runtime runtime, int counters) {
    Pointer table = Memory.allocateDirect(runtime, counters * ENTRY_BYTES);
    KEPT.add(table);
    for (int i = 0; i < counters; i++) {
      table.putLong((long) i * ENTRY_BYTES, FIRST_PC + i);
      table.putLong((long) i * ENTRY_BYTES + Long.BYTES, 0);
    }
    return table;
  }

  private static Path loaded(String library) {
    try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
      return mappings
          .filter(mapping -> mapping.contains(library) && mapping.contains("/"))
          .map(mapping -> Path.of(mapping.substring(mapping.indexOf('/'))))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("not loaded: library=" + library));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
