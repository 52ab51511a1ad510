package dev.cryofuzz.sys;

import com.kenai.jffi.MemoryIO;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jnr.ffi.Pointer;

/**
 * A file in memory, mapped here and, through {@link #path}, in other processes. Typed access at
 * byte offsets, little endian; the acquire and release accesses order all others around them.
 * Reading or writing after {@link #close} throws NullPointerException rather than touching freed
 * memory, as long as no other thread is inside an access.
 */
public final class SharedMemory implements AutoCloseable {
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MFD_CLOEXEC = 1;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;

  private final int fd;
  private final int size;
  private final Pointer address;
  private ByteBuffer bytes;

  private SharedMemory(int fd, int size, Pointer address) {
    this.fd = fd;
    this.size = size;
    this.address = address;
    this.bytes =
        MemoryIO.getInstance()
            .newDirectByteBuffer(address.address(), size)
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Creates a zeroed file of this size; the name is only for people who look into /proc. */
  public static SharedMemory create(String name, int size) {
    int fd = SystemCallException.check("memfd_create", Libc.C.memfd_create(name, MFD_CLOEXEC));
    try {
      SystemCallException.check("ftruncate", Libc.C.ftruncate(fd, size));
      return new SharedMemory(fd, size, map(fd, size));
    } catch (RuntimeException e) {
      Libc.C.close(fd);
      throw e;
    }
  }

  private static Pointer map(int fd, int size) {
    Pointer address = Libc.C.mmap(null, size, PROT_READ_WRITE, MAP_SHARED, fd, 0, 0);
    if (address == null || address.address() == -1) {
      throw new SystemCallException("mmap", Libc.errno());
    }
    return address;
  }

  /** Where any process of the same user can open it, as long as this one has not closed it. */
  public String path() {
    return "/proc/" + ProcessHandle.current().pid() + "/fd/" + fd;
  }

  public int size() {
    return size;
  }

  /** Where it is mapped in this process. */
  public long address() {
    return address.address();
  }

  Pointer at(int offset) {
    if (bytes == null) {
      throw new IllegalStateException("closed");
    }
    return address.slice(offset);
  }

  public byte getByte(int offset) {
    return bytes.get(offset);
  }

  public void putByte(int offset, byte value) {
    bytes.put(offset, value);
  }

  public short getShort(int offset) {
    return bytes.getShort(offset);
  }

  public void putShort(int offset, short value) {
    bytes.putShort(offset, value);
  }

  public int getInt(int offset) {
    return bytes.getInt(offset);
  }

  public void putInt(int offset, int value) {
    bytes.putInt(offset, value);
  }

  public int getIntAcquire(int offset) {
    return (int) INT.getAcquire(bytes, offset);
  }

  public void putIntRelease(int offset, int value) {
    INT.setRelease(bytes, offset, value);
  }

  public long getLong(int offset) {
    return bytes.getLong(offset);
  }

  public void putLong(int offset, long value) {
    bytes.putLong(offset, value);
  }

  public void getBytes(int offset, byte[] to) {
    bytes.get(offset, to);
  }

  public void putBytes(int offset, byte[] from) {
    bytes.put(offset, from);
  }

  /** The text in a field of so many bytes, up to its first NUL. */
  public String getText(int offset, int length) {
    byte[] text = new byte[length];
    bytes.get(offset, text);
    int end = 0;
    while (end < length && text[end] != 0) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    if (bytes != null) {
      bytes = null;
      Libc.C.munmap(address, size);
      Libc.C.close(fd);
    }
  }
}
