package io.selvedge.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The directory {@code dead}: one file a letter, {@code ID.dead}; numbers are big-endian:
 *
 * <pre>
 *   0           2          4          12        16
 *   ┌───────────┬──────────┬──────────┬─────────┬─────┬────────┬─────────┐
 *   │ length of │ priority │ refused  │ length  │ why │ source │ payload │
 *   │ source    │ u16      │ i64, ms  │ of why  │     │        │ rest    │
 *   └───────────┴──────────┴──────────┴─────────┴─────┴────────┴─────────┘
 * </pre>
 *
 * At most {@value #MOST} letters and {@value #MOST_BYTES} bytes are kept; the oldest go.
 */
final class DeadLetters {

  static final int MOST = 1000;
  static final long MOST_BYTES = 16L * 1024 * 1024;

  private static final String SUFFIX = ".dead";
  private static final int PREFIX = 16;

  private final Storage storage;
  private final Path directory;
  private int count;
  private boolean counted; // a status is asked for often, and a directory takes its time

  DeadLetters(Storage storage, Path directory) {
    this.storage = storage;
    this.directory = directory;
  }

  /** A letter with what it says. */
  record Letter(DeadLetter about, byte[] payload) {}

  synchronized void add(OutRecord record, String why, Instant now) throws IOException {
    Files.createDirectories(directory);
    byte[] text = why.getBytes(StandardCharsets.UTF_8);
    byte[] source = record.source().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(PREFIX + text.length + source.length + record.payload().length);
    bytes.putShort((short) source.length).putShort((short) record.priority());
    bytes.putLong(now.toEpochMilli()).putInt(text.length).put(text).put(source);
    bytes.put(record.payload()).flip();
    Path temporary = directory.resolve(record.id() + ".new");
    try (FileChannel channel = storage.open(temporary)) {
      channel.truncate(0);
      storage.write(channel, bytes, 0);
      storage.force(channel);
    }
    Files.move(temporary, file(record.id()), StandardCopyOption.ATOMIC_MOVE);
    counted = false;
    storage.forceDirectory(directory);
    prune();
  }

  private void prune() throws IOException {
    List<Path> files = files();
    long bytes = 0;
    for (int i = files.size() - 1; i >= 0; i--) {
      bytes += Files.size(files.get(i));
      if (files.size() - i > MOST || bytes > MOST_BYTES) {
        Files.delete(files.get(i));
      }
    }
  }

  synchronized List<DeadLetter> list() {
    List<DeadLetter> letters = new ArrayList<>();
    counted = false;
    try {
      for (Path file : files()) {
        read(id(file)).ifPresent(letter -> letters.add(letter.about()));
      }
    } catch (IOException e) {
      throw new OutboxException("dead letters cannot be read: " + e.getMessage(), e);
    }
    return letters;
  }

  Optional<byte[]> payload(long id) {
    try {
      return read(id).map(Letter::payload);
    } catch (IOException e) {
      throw new OutboxException("dead letter [" + id + "] cannot be read: " + e.getMessage(), e);
    }
  }

  /** False where it is not there. */
  synchronized boolean delete(long id) {
    counted = false;
    try {
      return Files.deleteIfExists(file(id));
    } catch (IOException e) {
      throw new OutboxException("dead letter [" + id + "] stays: " + e.getMessage(), e);
    }
  }

  /** Puts a letter in the queue again; when it is there, the letter goes. */
  CompletionStage<Long> resend(long id, Outbox outbox, Consumer<String> report) {
    Optional<Letter> found;
    try {
      found = read(id);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(
          new OutboxException("dead letter [" + id + "] cannot be read: " + e.getMessage(), e));
    }
    if (found.isEmpty()) {
      return CompletableFuture.failedFuture(
          new OutboxException("dead letter [" + id + "] is not there"));
    }
    Letter letter = found.get();
    return outbox
        .append(letter.about.source(), letter.about.priority(), Duration.ZERO, letter.payload)
        .thenApply(
            record -> {
              try {
                remove(id);
              } catch (IOException e) {
                report.accept("dead letter [" + id + "] stays: " + e.getMessage());
              }
              return record;
            });
  }

  /** How many there are; as many as were when the directory cannot be read. */
  synchronized int count() {
    if (counted) {
      return count;
    }
    try {
      count = files().size();
      counted = true;
    } catch (IOException e) {
      return count; // list() says so
    }
    return count;
  }

  synchronized Optional<Letter> read(long id) throws IOException {
    Path file = file(id);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    if (bytes.remaining() < PREFIX) {
      return Optional.empty();
    }
    int sourceLength = bytes.getShort() & 0xffff;
    int priority = Math.floorMod(bytes.getShort(), Outbox.PRIORITIES);
    Instant time = Instant.ofEpochMilli(bytes.getLong());
    int whyLength = bytes.getInt();
    String why = text(bytes, whyLength);
    String source = text(bytes, sourceLength);
    byte[] payload = new byte[bytes.remaining()];
    bytes.get(payload);
    return Optional.of(
        new Letter(new DeadLetter(id, source, priority, time, why, payload.length), payload));
  }

  private static String text(ByteBuffer bytes, int length) {
    byte[] text = new byte[Math.max(0, Math.min(length, bytes.remaining()))];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  synchronized void remove(long id) throws IOException {
    counted = false;
    Files.deleteIfExists(file(id));
  }

  private Path file(long id) {
    return directory.resolve(id + SUFFIX);
  }

  private static long id(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
  }

  /** By id, which rises with age. */
  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> all =
          Files.newDirectoryStream(
              directory, file -> file.getFileName().toString().matches("\\d{1,18}\\.dead"))) {
        all.forEach(files::add);
      }
    }
    files.sort(Comparator.comparingLong(DeadLetters::id));
    return files;
  }
}
