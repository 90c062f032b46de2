package io.selvedge.mqtt.ledger;

import io.selvedge.api.uplink.Deliveries.Delivery;
import io.selvedge.mqtt.ledger.Block.Found;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Deliveries on disk: the newest one by one, all of them in sums.
 *
 * <pre>
 *   DIRECTORY/000017.log   {@link Block blocks} of deliveries; the last file is appended to
 *   DIRECTORY/sums         what was delivered before a file of which the number stands in it
 * </pre>
 *
 * A block that a crash has cut off is cut away at the next opening. Not thread-safe.
 */
final class Journal implements AutoCloseable {

  static final int FILE_BYTES = 256 * 1024;
  static final int MOST_FILES = 32;

  private static final String SUFFIX = ".log";
  private static final int VERSION = 1;

  private final Path directory;
  private final Consumer<String> report;
  private final List<Integer> files = new ArrayList<>();
  private final Set<Integer> reported = new HashSet<>();
  private Sums sums = new Sums();
  private int covered = 1;
  private long next = 1;
  private FileChannel channel;

  /**
   * Opens the journal in a directory, or makes a new one there.
   *
   * @param report hears what was damaged
   */
  static Journal open(Path directory, Consumer<String> report) throws IOException {
    Files.createDirectories(directory);
    return new Journal(directory, report);
  }

  private Journal(Path directory, Consumer<String> report) throws IOException {
    this.directory = directory;
    this.report = report;
    readSums();
    try (Stream<Path> list = Files.list(directory)) {
      list.map(path -> path.getFileName().toString())
          .filter(name -> name.matches("\\d{6}\\" + SUFFIX))
          .map(name -> Integer.parseInt(name.substring(0, 6)))
          .sorted()
          .forEach(files::add);
    }
    for (int file : files) {
      if (file >= covered) {
        read(file).forEach(this::count);
      }
    }
    if (files.isEmpty()) {
      files.add(covered);
    }
    channel = append(files.get(files.size() - 1));
  }

  private void count(Delivery one) {
    sums.add(one);
    next = Math.max(next, one.number() + 1);
  }

  private void readSums() throws IOException {
    Path file = directory.resolve("sums");
    if (!Files.exists(file)) {
      return;
    }
    byte[] bytes = Files.readAllBytes(file);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int crc = in.readInt();
      if (crc != crc(bytes, 4) || in.readInt() != VERSION) {
        throw new IOException("its check sum or version is wrong");
      }
      covered = in.readInt();
      next = in.readLong();
      sums = Sums.read(in);
    } catch (IOException e) {
      Files.move(file, directory.resolve("sums.damaged"), StandardCopyOption.REPLACE_EXISTING);
      report.accept(
          "sums of what was delivered ["
              + file
              + "] are damaged and begin anew: "
              + e.getMessage());
    }
  }

  private static int crc(byte[] bytes, int from) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, bytes.length - from);
    return (int) crc.getValue();
  }

  private Path path(int file) {
    return directory.resolve(String.format(Locale.ROOT, "%06d%s", file, SUFFIX));
  }

  /** Opens a file at the end of its last whole block. */
  private FileChannel append(int file) throws IOException {
    FileChannel opened =
        FileChannel.open(
            path(file),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(path(file)));
    int end = 0;
    while (Block.search(in).isPresent()) {
      end = in.position();
    }
    opened.truncate(end).position(end);
    return opened;
  }

  /** The deliveries of one file, oldest first. */
  private List<Delivery> read(int file) throws IOException {
    List<Delivery> all = new ArrayList<>();
    blocks(file).forEach(block -> all.addAll(block.deliveries()));
    return all;
  }

  private List<Found> blocks(int file) throws IOException {
    List<Found> all = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(path(file)));
    int end = 0;
    int damaged = 0;
    for (Optional<Found> one = Block.search(in); one.isPresent(); one = Block.search(in)) {
      damaged += one.get().at() - end;
      end = in.position();
      all.add(one.get());
    }
    if (damaged > 0 && reported.add(file)) { // what a crash has cut off is at the end
      report.accept(
          "ledger of deliveries ["
              + path(file).getFileName()
              + "] holds ["
              + damaged
              + "] damaged bytes between intact ones; what they told of is not counted any more");
    }
    return all;
  }

  /** How many files there are, of which the deliveries can be read. */
  int files() {
    return files.size();
  }

  /** The deliveries of the newest file, 0, or one before it, oldest first. */
  List<Delivery> file(int back) throws IOException {
    return read(files.get(files.size() - 1 - back));
  }

  /** What was appended, ever. */
  Sums sums() throws IOException {
    return Sums.read(new DataInputStream(new ByteArrayInputStream(bytes(sums))));
  }

  private static byte[] bytes(Sums sums) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    sums.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  /** The number of the next delivery. */
  long next() {
    return next;
  }

  /** On disk when it returns; where it throws, as if it had not been called. */
  void append(List<Delivery> deliveries) throws IOException {
    long end = channel.position();
    if (end > FILE_BYTES) {
      beginFile();
      end = 0;
    }
    try {
      ByteBuffer block = Block.bytes(deliveries);
      while (block.hasRemaining()) {
        channel.write(block);
      }
      channel.force(false);
    } catch (IOException e) {
      channel.position(end).truncate(end);
      throw e;
    }
    deliveries.forEach(this::count);
  }

  private void beginFile() throws IOException {
    int file = files.get(files.size() - 1) + 1;
    sums.fold();
    writeSums(file);
    FileChannel opened = append(file);
    channel.close();
    channel = opened;
    files.add(file);
    covered = file;
    while (files.size() > MOST_FILES) {
      Files.deleteIfExists(path(files.remove(0)));
    }
  }

  private void writeSums(int before) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0);
    out.writeInt(VERSION);
    out.writeInt(before);
    out.writeLong(next);
    sums.write(out);
    ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
    buffer.putInt(0, crc(buffer.array(), 4));
    Path fresh = directory.resolve("sums.new");
    try (FileChannel file =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
      file.force(true);
    }
    Files.move(fresh, directory.resolve("sums"), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(directory)) {
      folder.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
