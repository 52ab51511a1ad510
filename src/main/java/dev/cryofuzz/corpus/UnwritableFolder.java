package dev.cryofuzz.corpus;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file or folder cannot be written: no right to, no room for it, or something else is there. */
public final class UnwritableFolder extends Exception {
  private static final long serialVersionUID = 1L;

  public UnwritableFolder(Path path, IOException cause) {
    super("cannot write " + path + ": " + reason(cause), cause);
  }

  private static String reason(IOException cause) {
    if (cause instanceof FileAlreadyExistsException) {
      return "something else is there";
    }
    if (cause instanceof NoSuchFileException) {
      return "the folder that it should be in is not there";
    }
    return Reason.of(cause);
  }
}
