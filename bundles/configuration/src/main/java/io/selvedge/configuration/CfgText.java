package io.selvedge.configuration;

import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The text of a {@code .cfg} file: key and value by line, as of {@link Properties}. */
final class CfgText {

  /** A line that ends in an odd number of backslashes goes on in the next. */
  private static final Pattern LOGICAL_LINE =
      Pattern.compile("(?:(?:[^\\n\\\\]|\\\\[^\\n])*\\\\\\n)*[^\\n]*(?:\\n|\\z)");

  private CfgText() {}

  /**
   * Sets new values in a text. Comments, order and lines whose value is the same stay as they are;
   * so do values with placeholders (<code>${…}</code>), because what they stand for cannot be told
   * from here. Keys that are not among the values go, new ones come last. Where nothing differs the
   * text comes back as it was, line ends included.
   *
   * @throws IOException a line is malformed
   */
  static String merge(String text, Map<String, Object> values) throws IOException {
    Map<String, Object> left = new LinkedHashMap<>(values);
    StringBuilder merged = new StringBuilder();
    boolean same = true;
    for (String line : lines(text)) {
      Properties read = new Properties();
      try {
        read.load(new StringReader(line));
      } catch (IllegalArgumentException e) {
        throw new IOException(
            "line ["
                + line.strip()
                + "] must have four hexadecimal digits after each \\u; write the character itself",
            e);
      }
      if (read.isEmpty()) {
        merged.append(line); // blank or a comment
        continue;
      }
      String key = read.stringPropertyNames().iterator().next();
      String old = read.getProperty(key);
      Object value = left.remove(key);
      if (value != null && (old.equals(string(value)) || old.contains("${"))) {
        merged.append(line);
      } else {
        same = false;
        merged.append(value == null ? "" : line(key, value));
      }
    }
    if (same && left.isEmpty()) {
      return text;
    }
    if (merged.length() > 0 && merged.charAt(merged.length() - 1) != '\n') {
      merged.append('\n');
    }
    left.forEach((key, value) -> merged.append(line(key, value)));
    return merged.toString();
  }

  /**
   * The values of a text, as they stand there.
   *
   * @throws IOException a line is malformed
   */
  static Map<String, String> values(String text) throws IOException {
    Properties read = new Properties();
    try {
      read.load(new StringReader(text));
    } catch (IllegalArgumentException e) {
      throw new IOException("it must have four hexadecimal digits after each \\u", e);
    }
    Map<String, String> values = new TreeMap<>();
    read.stringPropertyNames().forEach(key -> values.put(key, read.getProperty(key)));
    return values;
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    Matcher matcher = LOGICAL_LINE.matcher(text.replace("\r\n", "\n"));
    while (matcher.find() && !matcher.group().isEmpty()) {
      lines.add(matcher.group());
    }
    return lines;
  }

  private static String line(String key, Object value) {
    String escapedKey = key.replaceAll("([\\\\ :=#!])", "\\\\$1");
    String escaped = string(value).replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    return escapedKey + " = " + escaped.replaceFirst("^([ \\t])", "\\\\$1") + "\n";
  }

  /** A list stands in one line, separated by commas. */
  static String string(Object value) {
    if (value instanceof Collection<?> all) {
      return all.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
    if (value.getClass().isArray()) {
      return IntStream.range(0, Array.getLength(value))
          .mapToObj(i -> String.valueOf(Array.get(value, i)))
          .collect(Collectors.joining(", "));
    }
    return value.toString();
  }
}
