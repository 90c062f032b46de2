package io.selvedge.testkit.recording;

import io.selvedge.api.bus.Edge;
import io.selvedge.api.bus.GpioLine;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.bus.OutputOptions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How lines, levels and edges are written in a recording. */
final class GpioText {

  private static final String ACTIVE_LOW = " low";
  private static final String ON = "1";
  private static final int NANOS_PER_MICRO = 1000;

  private GpioText() {}

  static String input(int line, InputOptions options) {
    return String.format(
        "in %d %s %s %dus%s ",
        line,
        options.pull(),
        options.edges(),
        options.debounce().toNanos() / NANOS_PER_MICRO,
        options.activeLow() ? ACTIVE_LOW : "");
  }

  static String output(int line, OutputOptions options) {
    return String.format(
        "out %d %s %s%s ",
        line, options.initial(), options.drive(), options.activeLow() ? ACTIVE_LOW : "");
  }

  static String level(boolean on) {
    return on ? ON : "0";
  }

  static boolean isOn(String level) {
    return level.equals(ON);
  }

  /** Edge by edge: {@code rise} or {@code fall}, kernel's nanoseconds, time, sequence number. */
  static String edges(List<Edge> edges) {
    return edges.stream()
        .map(
            edge ->
                String.join(
                    ",",
                    edge.rising() ? "rise" : "fall",
                    Long.toString(edge.nanos()),
                    edge.time().toString(),
                    Long.toString(edge.sequence())))
        .collect(Collectors.joining(" "));
  }

  /**
   * Reads them again.
   *
   * @throws IllegalArgumentException the text is none of a recording
   */
  static List<Edge> edges(String text) {
    List<Edge> edges = new ArrayList<>();
    for (String word : Requests.words(text)) {
      String[] fields = word.split(",", -1);
      try {
        edges.add(
            new Edge(
                fields[0].equals("rise"),
                Long.parseLong(fields[1]),
                Instant.parse(fields[2]),
                Long.parseLong(fields[3])));
      } catch (DateTimeException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw new IllegalArgumentException(
            "edge ["
                + word
                + "] must be rise or fall, nanoseconds, time and number, commas between, for example"
                + " [rise,1000000,2026-03-01T12:00:00Z,1]",
            e);
      }
    }
    return edges;
  }

  /** Line by line: offset, name, user; what is not letters, digits or {@code _-.} is left out. */
  static String lines(List<GpioLine> lines) {
    return lines.stream()
        .map(line -> line.offset() + "," + plain(line.name()) + "," + plain(line.user()))
        .collect(Collectors.joining(" "));
  }

  /** Reads them again. */
  static List<GpioLine> lines(String text) {
    return Requests.words(text).stream()
        .map(word -> word.split(",", -1))
        .map(fields -> new GpioLine(Integer.parseInt(fields[0]), fields[1], fields[2]))
        .toList();
  }

  private static String plain(String name) {
    return name.replaceAll("[^A-Za-z0-9_.-]", "");
  }
}
