package io.selvedge.hardware;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What was checked, told line by line and once more as a summary at the end. Used by one thread.
 */
public final class Report {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** One thing that was checked. */
  public record Check(String name, boolean passed, String detail, double seconds) {}

  /** One thing that was measured. */
  public record Figure(String name, double value, String unit) {}

  /** What is checked. */
  public interface Body {
    /**
     * Checks.
     *
     * @return what was seen, for people
     * @throws Exception where it is not as it should be
     */
    String check() throws Exception;
  }

  private final PrintStream out;
  private final long begun = System.nanoTime();
  private final List<Check> checks = new ArrayList<>();
  private final List<Figure> figures = new ArrayList<>();

  public Report(PrintStream out) {
    this.out = out;
  }

  /** Says which step runs. */
  public void step(String what) {
    out.printf(Locale.ROOT, "%7.1f s  %s%n", seconds(), what);
  }

  /** Checks one thing; what it throws is why it fails, and the next one is checked all the same. */
  public boolean check(String name, Body body) throws InterruptedException {
    long from = System.nanoTime();
    boolean passed = false;
    String detail;
    try {
      detail = body.check();
      passed = true;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | AssertionError e) {
      detail = e.getMessage() == null ? e.toString() : e.getMessage();
    }
    Check check = new Check(name, passed, detail, (System.nanoTime() - from) / 1e9);
    checks.add(check);
    out.printf(
        Locale.ROOT,
        "%7.1f s  %s  %s%s%n",
        seconds(),
        passed ? "PASS" : "FAIL",
        name,
        detail.isEmpty() ? "" : " [" + detail + "]");
    return passed;
  }

  public void figure(String name, double value, String unit) {
    figures.add(new Figure(name, value, unit));
  }

  public double seconds() {
    return (System.nanoTime() - begun) / 1e9;
  }

  public List<Check> checks() {
    return List.copyOf(checks);
  }

  /** True where at least one thing was checked and all were as they should be. */
  public boolean pass() {
    return !checks.isEmpty() && checks.stream().allMatch(Check::passed);
  }

  private long count(boolean passed) {
    return checks.stream().filter(check -> check.passed() == passed).count();
  }

  /** The summary. */
  public void print() {
    out.println();
    int width = figures.stream().mapToInt(figure -> figure.name().length()).max().orElse(1);
    for (Figure figure : figures) {
      out.printf(
          Locale.ROOT,
          "  %-" + width + "s  %10.1f %s%n",
          figure.name(),
          figure.value(),
          figure.unit());
    }
    out.printf(
        Locale.ROOT, "%n%d passed, %d failed, %.0f s%n", count(true), count(false), seconds());
    checks.stream().filter(check -> !check.passed()).forEach(c -> out.println("FAIL  " + c.name()));
  }

  /** The same for programs. */
  public void write(Path file) throws IOException {
    ObjectNode root = MAPPER.createObjectNode().put("test", "hardware").put("passes", pass());
    root.put("passed", count(true)).put("failed", count(false)).put("seconds", seconds());
    for (Check check : checks) {
      root.withArray("/checks")
          .addObject()
          .put("name", check.name())
          .put("passed", check.passed())
          .put("detail", check.detail())
          .put("seconds", check.seconds());
    }
    for (Figure figure : figures) {
      root.withArray("/figures")
          .addObject()
          .put("name", figure.name())
          .put("value", figure.value())
          .put("unit", figure.unit());
    }
    Files.writeString(file, root.toPrettyString() + "\n");
  }
}
