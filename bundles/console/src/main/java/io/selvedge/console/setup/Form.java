package io.selvedge.console.setup;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a driver wants to know of a device, as its configuration declares it.
 *
 * @param pid the driver's factory PID
 * @param name in words
 * @param description in words
 * @param fields the settings, in the driver's order
 */
public record Form(String pid, String name, String description, List<Field> fields) {

  /** The setting that makes a configuration a device. */
  public static final String DEVICE_ID = "device.id";

  public Form {
    fields = List.copyOf(fields);
  }

  /** Units as the ends of settings' names have them: {@code interval.ms}. */
  private static final Map<String, String> UNITS =
      Map.of(
          "ms",
          "ms",
          "hz",
          "Hz",
          "g",
          "g",
          "milliohm",
          "mΩ",
          "watts",
          "W",
          "kib",
          "KiB",
          "s",
          "s",
          "volts",
          "V",
          "celsius",
          "°C");

  /** What a setting's values are. */
  public enum Kind {
    TEXT,
    SECRET,
    WHOLE,
    DECIMAL,
    FLAG
  }

  /**
   * One setting.
   *
   * @param id its name in the file
   * @param name in words
   * @param description in words, with its unit
   * @param type what its values are
   * @param required whether it must be given: it is not declared as optional and has no default
   * @param otherwise what counts where it is not given; empty: nothing
   * @param least the least number; empty: any
   * @param most the largest number; empty: any
   * @param choices what there is to choose from; empty: anything
   */
  public record Field(
      String id,
      String name,
      String description,
      Kind type,
      boolean required,
      String otherwise,
      Optional<String> least,
      Optional<String> most,
      List<Choice> choices) {

    public Field {
      choices = List.copyOf(choices);
    }

    /** The unit of a number, as its id says; empty: none, or the description says it. */
    public String unit() {
      boolean number = type == Kind.WHOLE || type == Kind.DECIMAL;
      return number ? UNITS.getOrDefault(id.substring(id.lastIndexOf('.') + 1), "") : "";
    }

    /**
     * Looks at a value.
     *
     * @throws IllegalArgumentException it is none: what is wrong, and the rule
     */
    public void check(String text) {
      if (!choices.isEmpty() && choices.stream().noneMatch(c -> c.value().equals(text))) {
        throw wrong(text, "one of " + choices.stream().map(Choice::value).toList());
      }
      switch (type) {
        case TEXT, SECRET -> {}
        case FLAG -> flag(text);
        case WHOLE -> within(text, whole(text));
        case DECIMAL -> within(text, decimal(text));
      }
    }

    private void flag(String text) {
      if (!text.equals("true") && !text.equals("false")) {
        throw wrong(text, "true or false");
      }
    }

    private double whole(String text) {
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw wrong(text, "a whole number, at most " + Integer.MAX_VALUE);
      }
    }

    private double decimal(String text) {
      try {
        double number = Double.parseDouble(text);
        if (Double.isFinite(number)) {
          return number;
        }
      } catch (NumberFormatException e) {
        // falls through to the one message
      }
      throw wrong(text, "a number");
    }

    private void within(String text, double number) {
      if (least.filter(l -> number < Double.parseDouble(l)).isPresent()) {
        throw wrong(text, "at least " + least.get());
      }
      if (most.filter(m -> number > Double.parseDouble(m)).isPresent()) {
        throw wrong(text, "at most " + most.get());
      }
    }

    private IllegalArgumentException wrong(String text, String rule) {
      return new IllegalArgumentException(name + " [" + text + "] must be " + rule);
    }
  }

  /**
   * Something to choose.
   *
   * @param value as it stands in the file
   * @param label in words
   */
  public record Choice(String value, String label) {}

  /** A field by its id. */
  public Optional<Field> field(String id) {
    return fields.stream().filter(field -> field.id().equals(id)).findFirst();
  }
}
