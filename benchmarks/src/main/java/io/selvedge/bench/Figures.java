package io.selvedge.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a bench has measured. Told while it runs, line by line, and once more as a table at the end.
 * Used by one thread.
 */
public final class Figures {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final PrintStream out;
  private final long begun = System.nanoTime();
  private final List<Figure> all = new ArrayList<>();

  public Figures(PrintStream out) {
    this.out = out;
  }

  /** Says what is being done, with the seconds since the beginning. */
  public void progress(String what) {
    out.printf(Locale.ROOT, "%7.1f s  %s%n", seconds(), what);
  }

  /** A figure that is only told. */
  public void tell(String name, double value, String unit, String note) {
    add(new Figure(name, value, unit, Optional.empty(), note));
  }

  /** A figure that has to keep to a limit. */
  public void require(String name, double value, String unit, Limit limit, String note) {
    add(new Figure(name, value, unit, Optional.of(limit), note));
  }

  private void add(Figure figure) {
    if (all.stream().anyMatch(other -> other.name().equals(figure.name()))) {
      throw new IllegalArgumentException("figure [" + figure.name() + "] is there already");
    }
    all.add(figure);
    progress(
        figure.name()
            + ": "
            + Numbers.text(figure.value())
            + " "
            + figure.unit()
            + verdict(figure));
  }

  private static String verdict(Figure figure) {
    return figure.passes() ? "" : " — falls short of " + figure.limit().orElseThrow();
  }

  public List<Figure> all() {
    return List.copyOf(all);
  }

  /** True where there is at least one figure and each keeps to its limit. */
  public boolean pass() {
    return !all.isEmpty() && all.stream().allMatch(Figure::passes);
  }

  double seconds() {
    return (System.nanoTime() - begun) / 1e9;
  }

  /** The table at the end. */
  void print(Map<String, String> machine) {
    out.println();
    machine.forEach((name, value) -> out.printf("  %-10s %s%n", name, value));
    out.println();
    int name = width(all.stream().map(Figure::name).toList());
    int value = width(all.stream().map(figure -> Numbers.text(figure.value())).toList());
    int unit = width(all.stream().map(Figure::unit).toList());
    int limit = width(all.stream().map(Figures::limit).toList());
    String line =
        "  %-" + name + "s  %" + value + "s %-" + unit + "s  %-" + limit + "s  %-4s  %s%n";
    for (Figure figure : all) {
      out.printf(
          line,
          figure.name(),
          Numbers.text(figure.value()),
          figure.unit(),
          limit(figure),
          figure.limit().isEmpty() ? "" : figure.passes() ? "ok" : "FALLS SHORT",
          figure.note());
    }
    out.println();
  }

  private static String limit(Figure figure) {
    return figure.limit().map(Limit::toString).orElse("");
  }

  private static int width(List<String> cells) {
    return Math.max(1, cells.stream().mapToInt(String::length).max().orElse(1));
  }

  /** The same for programs. */
  JsonNode json(String bench, Map<String, String> machine) {
    ObjectNode root = MAPPER.createObjectNode().put("bench", bench);
    root.put("seconds", Math.round(seconds()));
    ObjectNode facts = root.putObject("machine");
    machine.forEach(facts::put);
    for (Figure figure : all) {
      ObjectNode node = root.withArray("/figures").addObject();
      node.put("name", figure.name()).put("value", figure.value()).put("unit", figure.unit());
      figure.limit().ifPresent(limit -> node.put(limit.name(), limit.value()));
      node.put("passes", figure.passes()).put("note", figure.note());
    }
    return root.put("passes", pass());
  }
}
