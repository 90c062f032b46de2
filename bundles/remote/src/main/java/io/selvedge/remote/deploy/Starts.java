package io.selvedge.remote.deploy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the gateway lasts with packages that are new: the file {@code unproven} holds their
 * names, each with the number of starts with it. Where the process lasts a while they go from it; a
 * package with three starts that did not last is not started any more. Thread: {@code
 * selvedge-packages-proof}, while something is unproved.
 */
final class Starts implements AutoCloseable {

  static final Duration LASTING = Duration.ofMinutes(1);
  private static final int MOST = 3;
  private static final Logger log = LoggerFactory.getLogger(Starts.class);

  private final Path file;
  private final Duration lasting;
  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(1, run -> new Thread(run, "selvedge-packages-proof"));
  private final Map<String, Integer> starts = new TreeMap<>();

  Starts(Path directory, Duration lasting) throws IOException {
    file = directory.resolve("unproven");
    this.lasting = lasting;
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(1, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      if (line.matches("[0-9]{1,6} .+")) {
        int space = line.indexOf(' ');
        starts.put(line.substring(space + 1), Integer.parseInt(line.substring(0, space)));
      }
    }
  }

  /** This process starts with what is unproved. */
  synchronized void count() throws IOException {
    if (!starts.isEmpty()) {
      starts.replaceAll((name, before) -> before + 1);
      write();
    }
  }

  /** Whether it is not to be started. */
  synchronized boolean isGivenUp(String name) {
    return starts.getOrDefault(name, 0) > MOST;
  }

  /**
   * Something new of this name is about to run.
   *
   * @return the number of starts with what it takes the place of, where that is unproved
   */
  synchronized OptionalInt begin(String name) throws IOException {
    Integer number = starts.put(name, 0);
    OptionalInt before = number == null ? OptionalInt.empty() : OptionalInt.of(number);
    try {
      write();
    } catch (IOException e) {
      put(name, before);
      throw e;
    }
    return before;
  }

  /** It does not run after all; what was there before it goes on, with its number of starts. */
  synchronized void back(String name, OptionalInt before) {
    put(name, before);
    try {
      write();
    } catch (IOException e) {
      log.warn("[{}] cannot be written; the next start counts [{}] anew", file, name, e);
    }
  }

  private void put(String name, OptionalInt number) {
    if (number.isPresent()) {
      starts.put(name, number.getAsInt());
    } else {
      starts.remove(name);
    }
  }

  /** It is no more there. */
  synchronized void forget(String name) throws IOException {
    if (starts.remove(name) != null) {
      write();
    }
  }

  /** All that was to be started has been: from now on it has to last. */
  synchronized void run() {
    Set<String> now = new TreeSet<>(starts.keySet());
    now.removeIf(this::isGivenUp);
    if (!now.isEmpty() && !executor.isShutdown()) {
      var unused = executor.schedule(() -> lasted(now), lasting.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void lasted(Set<String> proved) {
    try {
      if (starts.keySet().removeAll(proved)) {
        write();
      }
    } catch (IOException e) {
      log.warn("[{}] cannot be written; it is tried again at the next start", file, e);
    }
  }

  private void write() throws IOException {
    if (starts.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    List<String> lines = new ArrayList<>();
    starts.forEach((name, count) -> lines.add(count + " " + name));
    Path beside = file.resolveSibling(".unproven.new");
    Files.write(beside, lines, StandardCharsets.UTF_8);
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.READ)) {
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
