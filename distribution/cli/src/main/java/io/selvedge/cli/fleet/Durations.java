package io.selvedge.cli.fleet;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: 90, 90s, 15m, 1h, 2d; in seconds. */
final class Durations implements ITypeConverter<Long> {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})([smhd]?)");

  @Override
  public Long convert(String text) {
    return seconds(text);
  }

  static long seconds(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "duration [" + text + "] must be a number with s, m, h or d, for example 15m");
    }
    long unit =
        switch (matcher.group(2)) {
          case "m" -> 60;
          case "h" -> 3600;
          case "d" -> 86_400;
          default -> 1;
        };
    return Long.parseLong(matcher.group(1)) * unit;
  }
}
