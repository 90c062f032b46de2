package io.selvedge.bus.replay;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that takes lines up to a size, so that a recording that is forgotten fills no disk. */
final class RecordingFile implements Appendable, Closeable {

  private final BufferedWriter writer;
  private long left;

  RecordingFile(Path path, long most) throws IOException {
    writer = Files.newBufferedWriter(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    left = most - Files.size(path);
  }

  @Override
  public Appendable append(CharSequence line) throws IOException {
    left -= line.length();
    if (left >= 0) {
      writer.append(line);
      writer.flush();
    }
    return this;
  }

  @Override
  public Appendable append(CharSequence text, int start, int end) throws IOException {
    return append(text.subSequence(start, end));
  }

  @Override
  public Appendable append(char c) throws IOException {
    return append(String.valueOf(c));
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
