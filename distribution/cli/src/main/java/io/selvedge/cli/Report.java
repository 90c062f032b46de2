package io.selvedge.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The steps of a run: what was observed at each, and how long it took. */
final class Report {

  /**
   * One step.
   *
   * @param name what should happen
   * @param ok whether it was observed
   * @param seconds how long it took
   * @param observed what was seen, with figures
   */
  record Step(String name, boolean ok, double seconds, String observed) {}

  /** Does a step and says what it observed; throws where it did not happen. */
  @FunctionalInterface
  interface Work {
    String run() throws IOException, InterruptedException;
  }

  /** A step was not observed. */
  static final class NotObserved extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotObserved(String message) {
      super(message);
    }
  }

  private final PrintStream out;
  private final List<Step> steps = new ArrayList<>();
  private final ObjectNode figures = Api.object();
  private volatile boolean ended;

  Report(PrintStream out) {
    this.out = out;
  }

  /** Runs a step, tells it and keeps it; returns whether it was observed. */
  boolean step(String name, Work work) throws InterruptedException {
    out.printf(Locale.ROOT, "  … %s%n", name);
    long begun = System.nanoTime();
    Step step;
    try {
      String observed = work.run();
      step = new Step(name, true, seconds(begun), observed);
    } catch (IOException | NotObserved e) {
      step = new Step(name, false, seconds(begun), String.valueOf(e.getMessage()));
    }
    if (ended) {
      return false; // whatever failed, failed because we were told to end
    }
    steps.add(step);
    out.printf(
        Locale.ROOT,
        "  %s %s (%.1f s): %s%n",
        step.ok() ? "✓" : "✗",
        step.name(),
        step.seconds(),
        step.observed());
    return step.ok();
  }

  /** Figures that stand in the JSON report beside the steps. */
  ObjectNode figures() {
    return figures;
  }

  /** Says that the run is being ended from outside; nothing more is told. */
  void end() {
    ended = true;
  }

  /** True where there was at least one step and each was observed. */
  boolean ok() {
    return !steps.isEmpty() && steps.stream().allMatch(Step::ok);
  }

  /** The table at the end of a run. */
  void printTable() {
    int width = steps.stream().mapToInt(s -> s.name().length()).max().orElse(4);
    String line = "  %-" + width + "s  %-3s  %8s  %s%n";
    out.println();
    out.printf(line, "step", "ok", "seconds", "observed");
    for (Step step : steps) {
      out.printf(
          line,
          step.name(),
          step.ok() ? "yes" : "NO",
          String.format(Locale.ROOT, "%.1f", step.seconds()),
          step.observed());
    }
    out.println();
  }

  /** Writes the report; the file is there whole or not at all. */
  void write(Path file) throws IOException {
    ObjectNode root = Api.object();
    ArrayNode list = root.putArray("steps");
    for (Step step : steps) {
      list.addObject()
          .put("name", step.name())
          .put("ok", step.ok())
          .put("seconds", Math.round(step.seconds() * 1000) / 1000.0)
          .put("observed", step.observed());
    }
    root.put("ok", ok());
    root.setAll(figures);
    Path target = file.toAbsolutePath();
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Files.writeString(part, root.toPrettyString() + "\n");
    Files.move(part, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
