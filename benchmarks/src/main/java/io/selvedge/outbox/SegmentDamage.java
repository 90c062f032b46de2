package io.selvedge.outbox;

import io.selvedge.bench.injector.Numbered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Alters the files of an outbox that is not running, and knows what it hit: by the places of the
 * records before, not by what can be read of them afterwards.
 */
public final class SegmentDamage {

  private static final int MOST_BYTES = 64;

  private SegmentDamage() {}

  /**
   * What was done.
   *
   * @param kind in words
   * @param numbers of the records that lay in the bytes
   * @param tail those among them that nothing on disk tells of any more: they were the last of
   *     their priority, and accepted after the newest state was written. Nobody can report them
   */
  public record Hit(String kind, Set<Integer> numbers, Set<Integer> tail) {}

  /** What was altered of a file. */
  private record Bytes(String kind, long from, long to) {}

  /** Where a record lies that was whole before. */
  private record Place(long at, long end, long ordinal, int number) {}

  /** Damages one place; empty where there is nothing to damage yet. */
  public static Optional<Hit> strike(Path outbox, Random random) throws IOException {
    List<Path> segments = segments(outbox);
    if (segments.isEmpty()) {
      return Optional.empty();
    }
    if (random.nextInt(8) == 0) {
      return state(outbox.resolve(random.nextBoolean() ? "state-a" : "state-b"), random);
    }
    Path file = segments.get(random.nextInt(segments.size()));
    int lane = header(file).orElseThrow().lane();
    long noted = noted(outbox, lane);
    List<Place> records = records(file);
    Bytes altered = strike(file, usedEnd(file), random);
    boolean lost = header(file).isEmpty(); // its second copy had been altered before
    Map<Long, Integer> hit = new HashMap<>();
    for (Place one : records) {
      if (lost || (altered.from < one.end && altered.to > one.at)) {
        hit.put(one.ordinal, one.number);
      }
    }
    Map<Long, Integer> tail = new HashMap<>(hit);
    long known = Math.max(noted, intact(lane, segments));
    tail.keySet().removeIf(ordinal -> ordinal < known);
    return Optional.of(
        new Hit(altered.kind, new HashSet<>(hit.values()), new HashSet<>(tail.values())));
  }

  /** One more than the highest ordinal of a lane that the state tells of. */
  private static long noted(Path outbox, int lane) throws IOException {
    for (String name : List.of("state-a", "state-b")) {
      Path file = outbox.resolve(name);
      if (Files.notExists(file) || Files.size(file) < StateFile.SIZE) {
        return 0; // opening it would mend it
      }
    }
    try (StateFile state = new StateFile(new Storage(), outbox)) {
      return state.read().map(its -> its.lanes()[lane].end()).orElse(0L);
    }
  }

  /** One more than the highest ordinal of a lane that its segments tell of. */
  private static long intact(int lane, List<Path> segments) throws IOException {
    long known = 0;
    for (Path file : segments) {
      Optional<SegmentHeader> header = header(file);
      if (header.isPresent() && header.get().lane() == lane) {
        known = Math.max(known, header.get().firstOrdinal());
        known = Math.max(known, header.get().endOrdinal());
        known = Math.max(known, scanned(file).endOrdinal());
      }
    }
    return known;
  }

  private static Bytes strike(Path file, int end, Random random) throws IOException {
    int room = end - SegmentHeader.FIRST_RECORD;
    if (room <= 0 || random.nextInt(6) == 0) {
      flip(file, random.nextInt(2) * SegmentHeader.COPY + random.nextInt(60), 4, random);
      return new Bytes("copy of a segment's header flipped", 0, SegmentHeader.FIRST_RECORD);
    }
    int at = SegmentHeader.FIRST_RECORD + random.nextInt(room);
    if (random.nextInt(4) > 0) {
      int count = 1 + random.nextInt(MOST_BYTES);
      flip(file, at, count, random);
      return new Bytes("records' bytes flipped", at, at + (long) count);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(at);
    }
    return new Bytes("segment truncated", at, Long.MAX_VALUE);
  }

  /** One of the two: the other one is whole, so nothing may be lost. */
  private static Optional<Hit> state(Path file, Random random) throws IOException {
    if (Files.notExists(file) || Files.size(file) < StateFile.SIZE) {
      return Optional.empty();
    }
    if (random.nextInt(3) == 0) {
      Files.delete(file);
      return Optional.of(new Hit("one of the two states deleted", Set.of(), Set.of()));
    }
    flip(file, random.nextInt(100), 4, random);
    return Optional.of(new Hit("one of the two states flipped", Set.of(), Set.of()));
  }

  private static void flip(Path file, long at, int count, Random random) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(count);
      int read = channel.read(bytes, at);
      for (int i = 0; i < read; i++) {
        bytes.put(i, (byte) (bytes.get(i) ^ (1 + random.nextInt(255))));
      }
      channel.write(bytes.position(0).limit(Math.max(0, read)), at);
    }
  }

  private static List<Path> segments(Path outbox) throws IOException {
    if (Files.notExists(outbox)) {
      return List.of();
    }
    List<Path> segments = new ArrayList<>();
    try (Stream<Path> files = Files.list(outbox)) {
      for (Path file : files.sorted().toList()) {
        if (file.getFileName().toString().endsWith(".log") && header(file).isPresent()) {
          segments.add(file);
        }
      }
    }
    return segments;
  }

  private static Optional<SegmentHeader> header(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer page = ByteBuffer.allocate(SegmentHeader.FIRST_RECORD);
      while (page.hasRemaining() && channel.read(page, page.position()) > 0) {
        // until the page is full or the file ends
      }
      return SegmentHeader.read(page.flip());
    }
  }

  private static int usedEnd(Path file) throws IOException {
    return scanned(file).end();
  }

  private static Segment scanned(Path file) throws IOException {
    Segment segment = new Segment(new Storage(), file, header(file).orElseThrow());
    new SegmentScan(segment, 0, Long.MAX_VALUE, Long.MAX_VALUE).run();
    segment.release();
    return segment;
  }

  /** The intact records that bear numbers. */
  private static List<Place> records(Path file) throws IOException {
    Segment segment = scanned(file);
    try {
      List<Place> places = new ArrayList<>();
      SegmentReader reader = new SegmentReader();
      int at = SegmentHeader.FIRST_RECORD;
      long next = segment.firstOrdinal();
      Optional<SegmentReader.Read> read = reader.read(segment, at, next);
      while (read.isPresent()) {
        long ordinal = read.get().found().ordinal();
        int end = read.get().end();
        int begin = end - RecordFormat.size(read.get().payload());
        Numbered.find(read.get().payload())
            .ifPresent(number -> places.add(new Place(begin, end, ordinal, number)));
        at = end;
        next = ordinal + 1;
        read = at < segment.end() ? reader.read(segment, at, next) : Optional.empty();
      }
      return places;
    } finally {
      segment.release();
    }
  }
}
