package io.selvedge.hardware.checks;

import com.fasterxml.jackson.databind.JsonNode;
import io.selvedge.hardware.Rig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Drivers' bundles are swapped in the running gateway, again and again, and work after each time.
 */
public final class Swaps {

  /** Where the shipped bundles are in the machine. */
  private static final String BUNDLES = "/product/gateway/bundles/03/";

  private static final long LOOK_MILLIS = 50;

  private final Rig rig;
  private final List<Double> seconds = new ArrayList<>();

  public Swaps(Rig rig) {
    this.rig = rig;
  }

  /** A bundle, and a device of it that has to be there again afterwards. */
  public record Swapped(String bundle, String device) {}

  /** Shows that the hardware works; throws where it does not. */
  public interface Probe {
    void probe(int round) throws IOException, InterruptedException;
  }

  /** Swaps all of the bundles at once, so many times, with a probe after each time. */
  public String check(int times, List<Swapped> bundles, Probe probe)
      throws IOException, InterruptedException {
    int threads = threads();
    int files = files();
    for (int round = 1; round <= times; round++) {
      long begun = System.nanoTime();
      try {
        swap(bundles);
        probe.probe(round);
      } catch (IOException e) {
        throw new IOException("after swap [" + round + "]: " + e.getMessage(), e);
      }
      seconds.add((System.nanoTime() - begun) / 1e9);
      if (round == 1) { // the first time, classes are loaded that stay
        threads = threads();
        files = files();
      }
    }
    int most = times / 4;
    int moreThreads = threads() - threads;
    int moreFiles = files() - files;
    long until = System.nanoTime() + Reading.PATIENCE.toNanos();
    // Java's own threads and those of its HTTP server come and go with the work: a leak stays.
    while ((moreThreads > most || moreFiles > most) && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      moreThreads = threads() - threads;
      moreFiles = files() - files;
    }
    if (moreThreads > most || moreFiles > most) {
      throw new IOException(
          "after ["
              + times
              + "] swaps there are ["
              + moreThreads
              + "] threads and ["
              + moreFiles
              + "] open files more than after the first");
    }
    return times + " times, threads " + signed(moreThreads) + ", open files " + signed(moreFiles);
  }

  /** Seconds that one round took, the median. */
  public double median() {
    List<Double> sorted = new ArrayList<>(seconds);
    Collections.sort(sorted);
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
  }

  private void swap(List<Swapped> bundles) throws IOException, InterruptedException {
    Map<String, String> before = new HashMap<>();
    for (Swapped swapped : bundles) {
      before.put(swapped.device(), status(swapped.device()).path("since").asText());
    }
    for (Swapped swapped : bundles) {
      String jar = rig.agent().run("ls " + BUNDLES + swapped.bundle() + "-[0-9]*.jar");
      rig.gateway().deploy(jar, swapped.bundle() + ".jar");
    }
    for (Swapped swapped : bundles) {
      awaitNew(swapped.device(), before.getOrDefault(swapped.device(), ""));
    }
  }

  /** Until the device is up, by a driver that was not there before. */
  private void awaitNew(String device, String before) throws IOException, InterruptedException {
    long until = System.nanoTime() + Reading.PATIENCE.toNanos();
    while (true) {
      JsonNode status = status(device);
      if (status.path("state").asText().equals("UP")
          && !status.path("since").asText().equals(before)) {
        return;
      }
      if (System.nanoTime() > until) {
        throw new IOException(
            "device [" + device + "] was not swapped: " + status + ", " + rig.gateway().log(5));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private JsonNode status(String device) throws IOException, InterruptedException {
    return rig.gateway().rest().get("/api/devices/" + device).body();
  }

  private int threads() throws IOException {
    return entries("task");
  }

  private int files() throws IOException {
    return entries("fd");
  }

  /** By name alone: {@code ls} looks at each as well, and complains of those that just went. */
  private int entries(String directory) throws IOException {
    String path = "/proc/" + rig.gateway().pid() + "/" + directory;
    String names = "(cd " + path + " && set -- * && echo $#)";
    return Integer.parseInt(rig.agent().run(names).strip());
  }

  private static String signed(int number) {
    return number > 0 ? "+" + number : Integer.toString(number);
  }
}
