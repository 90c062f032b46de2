package io.selvedge.remote.deploy;

import io.selvedge.api.deployment.AskedStop;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the gateway lasts with packages that are new: the file {@code unproven} holds their
 * names, each with the number of starts with it. Where the process lasts a while they go from it; a
 * package with three starts that did not last is not started any more. Thread: {@code
 * selvedge-packages-proof}, while something is unproved.
 *
 * <p>A start that ends because somebody asked for it is taken out again, as deployments have it
 * ({@link AskedStop}): {@code 1+2 pump} in the file means one that counts and two that were taken
 * out since one lasted.
 */
final class Starts implements AutoCloseable {

  static final Duration LASTING = Duration.ofMinutes(1);
  private static final int MOST = 3;
  private static final Pattern LINE = Pattern.compile("([0-9]{1,6})(?:\\+([0-9]{1,6}))? (.+)");
  private static final Logger log = LoggerFactory.getLogger(Starts.class);

  private final Path file;
  private final Duration lasting;
  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(1, run -> new Thread(run, "selvedge-packages-proof"));
  private final Map<String, Count> starts = new TreeMap<>();

  /** Those to which this process was added. */
  private final Set<String> counted = new TreeSet<>();

  private long countedAt;
  private boolean allStarted;

  /**
   * How often it was started.
   *
   * @param number starts that did not last
   * @param asked starts that were taken out again, because their end was asked for
   */
  record Count(int number, int asked) {

    static final Count NONE = new Count(0, 0);

    @Override
    public String toString() {
      return asked == 0 ? "" + number : number + "+" + asked;
    }
  }

  Starts(Path directory, Duration lasting) throws IOException {
    file = directory.resolve("unproven");
    this.lasting = lasting;
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(1, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    for (String line : lines()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        String asked = matcher.group(2);
        starts.put(
            matcher.group(3),
            new Count(
                Integer.parseInt(matcher.group(1)), asked == null ? 0 : Integer.parseInt(asked)));
      }
    }
  }

  /** What the disk has altered is no reason not to start: a name that is wrong is nobody's. */
  private List<String> lines() throws IOException {
    return Files.exists(file)
        ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList()
        : List.of();
  }

  /** This process starts with what is unproved. */
  synchronized void count() throws IOException {
    if (!starts.isEmpty()) {
      countedAt = System.nanoTime();
      counted.addAll(starts.keySet());
      starts.replaceAll((name, before) -> new Count(before.number() + 1, before.asked()));
      write();
    }
  }

  /**
   * This process ends, or the packages are only looked at anew, and that is not their doing: it was
   * no start. It was one where a package hangs while it is started: then the end is the remedy.
   *
   * @param asked whether somebody asked for the end of the process
   */
  synchronized void takeBack(boolean asked) throws IOException {
    if (!allStarted && System.nanoTime() - countedAt >= lasting.toNanos()) {
      return;
    }
    Map<String, Count> before = new TreeMap<>(starts);
    for (String name : counted) { // no start: it was installed anew since
      starts.computeIfPresent(
          name, (same, count) -> count.number() == 0 ? count : less(count, asked));
    }
    counted.clear();
    if (!starts.equals(before)) {
      write();
    }
  }

  private static Count less(Count count, boolean asked) {
    if (!asked) {
      return new Count(count.number() - 1, count.asked());
    }
    return count.asked() < AskedStop.MOST
        ? new Count(count.number() - 1, count.asked() + 1)
        : count;
  }

  /** Whether it is not to be started. */
  synchronized boolean isGivenUp(String name) {
    return starts.getOrDefault(name, Count.NONE).number() > MOST;
  }

  /**
   * Something new of this name is about to run.
   *
   * @return the starts with what it takes the place of, where that is unproved
   */
  synchronized Optional<Count> begin(String name) throws IOException {
    Optional<Count> before = Optional.ofNullable(starts.put(name, Count.NONE));
    try {
      write();
    } catch (IOException e) {
      put(name, before);
      throw e;
    }
    return before;
  }

  /** It does not run after all; what was there before it goes on, with its number of starts. */
  synchronized void back(String name, Optional<Count> before) {
    put(name, before);
    try {
      write();
    } catch (IOException e) {
      log.warn("[{}] cannot be written; the next start counts [{}] anew", file, name, e);
    }
  }

  private void put(String name, Optional<Count> count) {
    count.ifPresentOrElse(one -> starts.put(name, one), () -> starts.remove(name));
  }

  /** It is no more there. */
  synchronized void forget(String name) throws IOException {
    if (starts.remove(name) != null) {
      write();
    }
  }

  /** All that was to be started has been: from now on it has to last. */
  synchronized void run() {
    allStarted = true;
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
