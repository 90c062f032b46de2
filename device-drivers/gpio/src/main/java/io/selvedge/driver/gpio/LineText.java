package io.selvedge.driver.gpio;

import io.selvedge.api.bus.GpioBus;
import io.selvedge.api.bus.InputOptions;
import io.selvedge.api.bus.InputOptions.Edges;
import io.selvedge.api.bus.InputOptions.Pull;
import io.selvedge.api.bus.OutputOptions;
import io.selvedge.api.bus.OutputOptions.Drive;
import io.selvedge.api.bus.OutputOptions.Initial;
import io.selvedge.api.device.Channel;
import io.selvedge.api.device.Choices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A line as its configuration declares it: {@code id number what}, then what differs from the
 * usual, {@code pull=up debounce=20 active_low initial=off drive=open_drain}.
 */
record LineText(String id, int number, String what, Map<String, String> options) {

  private static final Map<String, Set<String>> KNOWN =
      Map.of(
          "input", Set.of("pull", "debounce", "active_low"),
          "counter", Set.of("pull", "debounce", "active_low"),
          "output", Set.of("initial", "drive", "active_low"));

  static List<LineText> parse(String text) {
    List<LineText> all = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String entry : text.split("[;\\n]", -1)) {
      if (!entry.isBlank()) {
        LineText line = one(entry.strip());
        if (!ids.add(line.id())) {
          throw new IllegalArgumentException("line [" + entry.strip() + "]: its id is there twice");
        }
        all.add(line);
      }
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException(
          "lines [] must name at least one, for example [door 17 input pull=up]");
    }
    return all;
  }

  private static LineText one(String entry) {
    List<String> words = Arrays.asList(entry.split("\\s+"));
    if (words.size() < 3 || !words.get(1).matches("\\d{1,4}")) {
      throw new IllegalArgumentException(
          "line [" + entry + "] must be id, number and what, for example [door 17 input]");
    }
    String what = Choices.of("line [" + entry + "]: what", words.get(2), KNOWN.keySet()).get(0);
    Map<String, String> options = new HashMap<>();
    for (String word : words.subList(3, words.size())) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Choices.of("line [" + entry + "]: option", name, KNOWN.getOrDefault(what, Set.of()));
      options.put(name, word.substring(equals + 1));
    }
    return new LineText(words.get(0), Integer.parseInt(words.get(1)), what, options);
  }

  /** The line on its chip. */
  Line on(GpioBus chip) {
    boolean activeLow = options.containsKey("active_low");
    if (what.equals("output")) {
      return new Line.Output(
          Channel.flag(id).writable(),
          chip.output(
              number,
              new OutputOptions(
                  one(Initial.class, "initial", "keep"),
                  activeLow,
                  one(Drive.class, "drive", "push_pull"))));
    }
    Pull pull = one(Pull.class, "pull", "as_is");
    Edges edges = what.equals("counter") ? Edges.RISING : Edges.BOTH;
    InputOptions input = new InputOptions(pull, edges, debounce(), activeLow);
    return what.equals("counter")
        ? new Line.Counter(Channel.whole(id, "1"), chip.input(number, input))
        : new Line.Input(Channel.flag(id), chip.input(number, input));
  }

  private Duration debounce() {
    String millis = options.getOrDefault("debounce", "0");
    if (!millis.matches("\\d{1,5}")) {
      throw new IllegalArgumentException(
          "line [" + id + "]: debounce [" + millis + "] must be milliseconds, for example [20]");
    }
    return Duration.ofMillis(Long.parseLong(millis));
  }

  private <E extends Enum<E>> E one(Class<E> type, String option, String otherwise) {
    List<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .toList();
    String name = options.getOrDefault(option, otherwise);
    List<String> chosen = Choices.of("line [" + id + "]: " + option, name, names);
    return Enum.valueOf(
        type,
        chosen.isEmpty() ? otherwise.toUpperCase(Locale.ROOT) : name.toUpperCase(Locale.ROOT));
  }
}
