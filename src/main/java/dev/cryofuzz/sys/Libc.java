package dev.cryofuzz.sys;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The C library functions that this package needs, bound once. Nothing outside of this package may
 * use it; it is public only because the implementation that JNR generates lives in another class
 * loader.
 *
 * <p>On x86-64 a bound function with exactly six integer arguments gets garbage as the sixth; such
 * functions are declared with an unused seventh, which the callee never looks at.
 */
public interface Libc {
  Libc C = LibraryLoader.create(Libc.class).load("c");
  Runtime RUNTIME = Runtime.getRuntime(C);

  long SYS_FUTEX = 202;
  long SYS_PIDFD_OPEN = 434;

  int O_RDONLY = 0;
  int O_WRONLY = 1;
  int O_CREAT = 0100;
  int O_TRUNC = 01000;
  int O_APPEND = 02000;
  int O_NONBLOCK = 04000;
  int O_CLOEXEC = 02000000;
  int SEEK_END = 2;

  int memfd_create(String name, int flags);

  int ftruncate(int fd, @off_t long size);

  Pointer mmap(
      Pointer address,
      @size_t long size,
      int protection,
      int flags,
      int fd,
      @off_t long offset,
      long unused);

  int munmap(Pointer address, @size_t long size);

  long syscall(long number, Pointer address, long b, long c, Pointer timeout);

  int sched_setaffinity(int tid, @size_t long size, byte[] mask);

  int sched_getaffinity(int tid, @size_t long size, byte[] mask);

  int pipe2(int[] fds, int flags);

  int open(String path, int flags, int mode);

  int close(int fd);

  @ssize_t
  long pread(int fd, byte[] bytes, @size_t long size, @off_t long offset);

  @ssize_t
  long read(int fd, byte[] bytes, @size_t long size);

  @off_t
  long lseek(int fd, @off_t long offset, int whence);

  int poll(Pointer fds, long count, int milliseconds);

  int kill(int pid, int signal);

  int waitpid(int pid, int[] status, int flags);

  int posix_spawn(
      int[] pid,
      String path,
      Pointer actions,
      Pointer attributes,
      Pointer arguments,
      Pointer environment,
      long unused);

  int posix_spawn_file_actions_init(Pointer actions);

  int posix_spawn_file_actions_destroy(Pointer actions);

  int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

  int posix_spawn_file_actions_addopen(Pointer actions, int fd, String path, int flags, int mode);

  int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int from);

  int posix_spawnattr_init(Pointer attributes);

  int posix_spawnattr_destroy(Pointer attributes);

  int posix_spawnattr_setflags(Pointer attributes, short flags);

  int posix_spawnattr_setpgroup(Pointer attributes, int group);

  int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

  int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

  static int errno() {
    return RUNTIME.getLastError();
  }

  static Pointer zeroed(int bytes) {
    Pointer memory = Memory.allocateDirect(RUNTIME, bytes, true);
    memory.setMemory(0, bytes, (byte) 0);
    return memory;
  }
}
