package io.selvedge.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The files {@code segment-NNNNNN.log}: made once, filled with zeros, used again and again. Opened
 * by the opening thread, then the committing thread's own.
 */
final class SegmentFiles {

  private static final String PREFIX = "segment-";
  private static final String SUFFIX = ".log";

  private final Storage storage;
  private final Path directory;
  private final OutboxOptions options;
  private final Deque<Path> free = new ArrayDeque<>();
  private final AtomicInteger files = new AtomicInteger();
  private int newestNumber;
  private long newestSerial;

  SegmentFiles(Storage storage, Path directory, OutboxOptions options) {
    this.storage = storage;
    this.directory = directory;
    this.options = options;
  }

  /** Reads all headers; a file whose header is lost is set aside and reported. */
  List<Segment> open(Optional<UUID> outbox) throws IOException {
    List<Segment> segments = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
      for (Path file : all) {
        String name = file.getFileName().toString();
        String number = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
        boolean numbered = number.matches("\\d{6,9}");
        if (numbered) {
          newestNumber = Math.max(newestNumber, Integer.parseInt(number)); // its name is taken
        }
        if (!numbered || !Files.isRegularFile(file)) {
          options.report().accept("outbox file [" + name + "] is not of the outbox; it stays");
          continue;
        }
        open(file, outbox).ifPresent(segments::add);
      }
    }
    return segments;
  }

  private Optional<Segment> open(Path file, Optional<UUID> outbox) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(SegmentHeader.FIRST_RECORD);
    long size;
    try (FileChannel channel = storage.open(file)) {
      size = channel.size();
      storage.read(file, channel, page, 0);
    }
    page.flip();
    Optional<SegmentHeader> header = SegmentHeader.read(page);
    if (header.isPresent()
        && header.get().lane() >= 0
        && header.get().lane() < Outbox.PRIORITIES
        && outbox.map(header.get().outbox()::equals).orElse(true)) {
      files.incrementAndGet();
      newestSerial = Math.max(newestSerial, header.get().serial());
      return Optional.of(new Segment(storage, file, header.get()));
    }
    if (isZero(page)) {
      if (size == options.segmentSize()) {
        files.incrementAndGet();
        free.add(file);
      } else {
        Files.delete(file); // was being made when the power went
      }
      return Optional.empty();
    }
    setAside(file, header.isPresent() ? "belongs to another outbox" : "has lost its header");
    return Optional.empty();
  }

  private static boolean isZero(ByteBuffer page) {
    for (int i = 0; i < page.limit(); i++) {
      if (page.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private void setAside(Path file, String why) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".damaged");
    Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    options
        .report()
        .accept(
            "outbox file ["
                + file.getFileName()
                + "] "
                + why
                + "; it is kept as ["
                + aside.getFileName()
                + "] and its records count as damaged");
  }

  /**
   * A file that may be written: used before, or new while the budget allows.
   *
   * @param reserve so many are to be left
   */
  Optional<Path> take(int reserve) throws IOException {
    long more = Math.max(0, options.budget() / options.segmentSize() - files.get());
    if (free.size() + more <= reserve) {
      return Optional.empty();
    }
    return Optional.of(free.isEmpty() ? make() : free.remove());
  }

  /** One that was taken and is not needed. */
  void putBack(Path file) {
    free.addFirst(file);
  }

  /** Nothing of it counts any more, whatever its header says. */
  void discard(Segment segment) throws IOException {
    storage.write(segment.channel(), ByteBuffer.allocate(SegmentHeader.FIRST_RECORD), 0);
    storage.force(segment.channel());
    giveBack(segment);
  }

  long newestSerial() {
    return newestSerial;
  }

  /** Serials rise from here on at least: what a crash left in files of higher ones stays void. */
  void neverBelow(long serial) {
    newestSerial = Math.max(newestSerial, serial);
  }

  /** For a use of a file that begins now. */
  long nextSerial() {
    newestSerial++;
    return newestSerial;
  }

  private Path make() throws IOException {
    Path file = directory.resolve(String.format("%s%06d%s", PREFIX, newestNumber + 1, SUFFIX));
    try (FileChannel channel = storage.open(file)) {
      storage.fill(channel, options.segmentSize());
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    storage.forceDirectory(directory);
    newestNumber++;
    files.incrementAndGet();
    return file;
  }

  Segment use(Path file, int lane, UUID outbox, long firstOrdinal) throws IOException {
    SegmentHeader header =
        new SegmentHeader(lane, nextSerial(), outbox, firstOrdinal, 0, 0, 0, Optional.empty());
    Segment segment = new Segment(storage, file, header);
    try {
      segment.writeHeader();
      storage.force(segment.channel());
    } catch (IOException e) {
      segment.release();
      free.addFirst(file);
      throw e;
    }
    return segment;
  }

  /** Gives a file back, unless it is of another size or one too many. */
  void giveBack(Segment segment) throws IOException {
    segment.release();
    storage.anew(segment.file());
    if (files.get() > options.budget() / options.segmentSize()
        || Files.size(segment.file()) != options.segmentSize()) {
      files.decrementAndGet();
      Files.delete(segment.file());
    } else {
      free.addLast(segment.file());
    }
  }

  int free() {
    return free.size();
  }

  long bytes() {
    return (long) files.get() * options.segmentSize();
  }
}
