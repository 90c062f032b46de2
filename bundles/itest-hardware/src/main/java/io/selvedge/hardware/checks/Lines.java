package io.selvedge.hardware.checks;

import io.selvedge.hardware.Rig;
import io.selvedge.hardware.chips.Expected;
import io.selvedge.hardware.host.Arrivals.Arrival;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** GPIO lines: what pulls at them from outside, and what the gateway drives. */
public final class Lines {

  /** The device whose lines they are. */
  public static final String HEADER = "header";

  private static final int MOST_BOUNCES = 5;

  private static final int STILL_SECONDS = 3;

  private Lines() {}

  /** Somebody pulls a line up or down outside: the new state arrives at the broker. */
  public static String edge(Rig rig, int line, String channel, boolean up)
      throws IOException, InterruptedException {
    long mark = rig.arrivals().mark();
    long begun = System.nanoTime();
    pull(rig, line, up);
    Expected expected = new Expected(channel, up ? 1 : 0, 0);
    Optional<Arrival> arrival =
        rig.arrivals().await(mark, HEADER, channel, Reading.PATIENCE, expected::holds);
    if (arrival.isEmpty()) {
      throw new IOException("[" + expected + "] did not arrive");
    }
    long millis = (arrival.get().nanos() - begun) / 1_000_000;
    return expected + " after " + millis + " ms";
  }

  /**
   * While the gateway's process stands still, a line is pulled up; what it tells of it afterwards
   * is the time of the edge, not that of its reading.
   */
  public static String stamped(Rig rig, int line, String channel)
      throws IOException, InterruptedException {
    long mark = rig.arrivals().mark();
    String pid = rig.gateway().pid();
    List<String> around =
        rig.agent()
            .run(
                "kill -STOP "
                    + pid
                    + "; date +%s; line "
                    + line
                    + " pull pull-up; date +%s; sleep "
                    + STILL_SECONDS
                    + "; kill -CONT "
                    + pid)
            .lines()
            .toList();
    Expected on = new Expected(channel, 1, 0);
    Arrival arrival =
        rig.arrivals()
            .await(mark, HEADER, channel, Reading.PATIENCE, on::holds)
            .orElseThrow(() -> new IOException("[" + on + "] did not arrive"));
    edge(rig, line, channel, false);
    Instant earliest = Instant.ofEpochSecond(Long.parseLong(around.get(0)));
    Instant latest = Instant.ofEpochSecond(Long.parseLong(around.get(1)) + 1);
    if (arrival.time().isBefore(earliest) || arrival.time().isAfter(latest)) {
      throw new IOException(
          "its time is [" + arrival.time() + "], it was from " + earliest + " to " + latest);
    }
    return arrival.time().toString();
  }

  /** Returns how many milliseconds it took; the kernel counts in hundredths of a second. */
  private static int bounceOnce(Rig rig, int line) throws IOException {
    String took =
        rig.agent()
            .run(
                "a=$(cut -d' ' -f1 /proc/uptime | tr -d .); for i in up down up down up; do line "
                    + line
                    + " pull pull-$i; done; b=$(cut -d' ' -f1 /proc/uptime | tr -d .);"
                    + " echo $(((b - a) * 10))");
    return Integer.parseInt(took);
  }

  /** Moves the simulator's end of a line. */
  public static void pull(Rig rig, int line, boolean up) throws IOException {
    rig.agent().run("line " + line + " pull pull-" + (up ? "up" : "down"));
  }

  /** A command drives a line: the simulator sees it. */
  public static String drive(Rig rig, int line, String channel, boolean on)
      throws IOException, InterruptedException {
    Commands.send(rig, HEADER, channel, Boolean.toString(on));
    String seen = rig.agent().run("line " + line + " value");
    if (!seen.equals(on ? "1" : "0")) {
      throw new IOException(
          "command [" + channel + "=" + on + "] was taken, but the line is [" + seen + "]");
    }
    return "line " + line + " is " + seen;
  }

  /** So many pulses in a row: each is counted by the gateway, and none is made up. */
  public static String pulses(Rig rig, int line, String channel, int count)
      throws IOException, InterruptedException {
    double before = rig.arrivals().latest(HEADER, channel).flatMap(Arrival::decimal).orElse(0.0);
    long mark = rig.arrivals().mark();
    rig.agent()
        .run(
            "i=0; while [ $i -lt "
                + count
                + " ]; do line "
                + line
                + " pull pull-up; line "
                + line
                + " pull pull-down; i=$((i + 1)); done");
    double wanted = before + count;
    Optional<Arrival> arrival =
        rig.arrivals()
            .await(
                mark,
                HEADER,
                channel,
                Reading.PATIENCE,
                a -> a.decimal().map(d -> d >= wanted).orElse(false));
    double seen =
        arrival
            .or(() -> rig.arrivals().latest(HEADER, channel))
            .flatMap(Arrival::decimal)
            .orElse(-1.0);
    if (seen != wanted) {
      throw new IOException("[" + seen + "] were counted, [" + wanted + "] wanted");
    }
    return count + " pulses";
  }

  /**
   * A contact that bounces: the kernel's debouncing lets one change through. A machine that others
   * keep busy may take longer for it than a contact does; then it bounces again.
   *
   * @param debounceMillis as configured for the line
   */
  public static String bounce(Rig rig, int line, String channel, int debounceMillis)
      throws IOException, InterruptedException {
    long mark = rig.arrivals().mark();
    int tries = 1;
    while (bounceOnce(rig, line) > debounceMillis / 2) {
      if (tries++ == MOST_BOUNCES) {
        throw new IOException(
            "the machine was too slow to bounce within [" + debounceMillis + "] ms");
      }
      edge(rig, line, channel, true);
      edge(rig, line, channel, false);
      mark = rig.arrivals().mark();
    }
    Expected on = new Expected(channel, 1, 0);
    if (rig.arrivals().await(mark, HEADER, channel, Reading.PATIENCE, on::holds).isEmpty()) {
      throw new IOException("[" + on + "] did not arrive");
    }
    List<Arrival> all = rig.arrivals().since(mark, HEADER, channel);
    long changes =
        java.util.stream.IntStream.range(1, all.size())
            .filter(i -> !all.get(i).value().equals(all.get(i - 1).value()))
            .count();
    if (changes > 1) {
      throw new IOException("[" + changes + "] changes arrived: " + all);
    }
    return "five changes, one told";
  }
}
