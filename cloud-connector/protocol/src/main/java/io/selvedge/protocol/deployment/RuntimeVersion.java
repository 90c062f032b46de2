package io.selvedge.protocol.deployment;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of the gateway's runtime. What follows a hyphen is left out: a snapshot counts as what
 * it will be.
 */
public record RuntimeVersion(int major, int minor, int micro)
    implements Comparable<RuntimeVersion> {

  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{1,6})(?:\\.(\\d{1,6}))?(?:\\.(\\d{1,6}))?(?:[-.+][0-9A-Za-z.+-]{1,64})?");

  /**
   * Reads a version.
   *
   * @throws IllegalArgumentException it is none
   */
  public static RuntimeVersion parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "runtime version [" + text + "] must be numbers with points, for example [0.1.0]");
    }
    return new RuntimeVersion(number(form, 1), number(form, 2), number(form, 3));
  }

  private static int number(Matcher form, int group) {
    String digits = form.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  @Override
  public int compareTo(RuntimeVersion other) {
    int first = Integer.compare(major, other.major);
    int second = first != 0 ? first : Integer.compare(minor, other.minor);
    return second != 0 ? second : Integer.compare(micro, other.micro);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + micro;
  }
}
