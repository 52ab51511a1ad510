package dev.cryofuzz.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SharedMemoryTest {
  @Test
  void othersSeeWhatIsWrittenHere() throws IOException {
    try (SharedMemory memory = SharedMemory.create("test", 8192)) {
      memory.putInt(4096, 0x11223344);
      try (RandomAccessFile file = new RandomAccessFile(memory.path(), "r")) {
        file.seek(4096);
        assertThat(file.readInt()).isEqualTo(0x44332211);
        assertThat(file.length()).isEqualTo(8192);
      }
    }
  }

  @Test
  void whatOthersWriteIsSeenHere() throws IOException {
    try (SharedMemory memory = SharedMemory.create("test", 4096)) {
      try (RandomAccessFile file = new RandomAccessFile(memory.path(), "rw")) {
        file.seek(16);
        file.write("queue.pop\0rest".getBytes(StandardCharsets.UTF_8));
      }
      assertThat(memory.getText(16, 64)).isEqualTo("queue.pop");
      assertThat(memory.getText(16, 5)).isEqualTo("queue");
    }
  }

  @Test
  void everyWidthRoundTrips() {
    try (SharedMemory memory = SharedMemory.create("test", 64)) {
      memory.putByte(0, (byte) -2);
      memory.putShort(2, (short) -3);
      memory.putIntRelease(4, -4);
      memory.putLong(8, -5);
      memory.putBytes(16, new byte[] {1, 2});
      byte[] bytes = new byte[2];
      memory.getBytes(16, bytes);
      assertThat(memory.getByte(0)).isEqualTo((byte) -2);
      assertThat(memory.getShort(2)).isEqualTo((short) -3);
      assertThat(memory.getIntAcquire(4)).isEqualTo(-4);
      assertThat(memory.getLong(8)).isEqualTo(-5);
      assertThat(bytes).containsExactly(1, 2);
    }
  }

  /**
   * mmap has six arguments, and the sixth of six is garbage in jnr-ffi on x86-64: mapped with a
   * garbage offset the call fails or shows other bytes than those at the file's start.
   */
  @Test
  void theSixthArgumentOfMmapArrives() throws IOException {
    try (SharedMemory first = SharedMemory.create("sixth", 16384)) {
      for (int page = 0; page < 4; page++) {
        first.putInt(page * 4096, page + 1);
      }
      int fd = Integer.parseInt(Path.of(first.path()).getFileName().toString());
      for (int page = 0; page < 4; page++) {
        var again = Libc.C.mmap(null, 4096, 1, 1, fd, page * 4096L, 0);
        assertThat(again.getInt(0)).isEqualTo(page + 1);
        assertThat(Libc.C.munmap(again, 4096)).isZero();
      }
    }
  }

  @Test
  void closingUnmapsAndReleasesTheFile() throws IOException {
    SharedMemory memory = SharedMemory.create("cryofuzz-closing", 4096);
    assertThat(mapped("cryofuzz-closing")).isTrue();
    memory.close();
    memory.close();
    assertThat(mapped("cryofuzz-closing")).isFalse();
    assertThatThrownBy(() -> memory.getInt(0)).isInstanceOf(NullPointerException.class);
  }

  private static boolean mapped(String name) throws IOException {
    return Files.readString(Path.of("/proc/self/maps")).contains(name);
  }

  @Test
  void accessOutsideIsRefused() {
    try (SharedMemory memory = SharedMemory.create("test", 4096)) {
      assertThatThrownBy(() -> memory.getInt(4094)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> memory.getInt(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
