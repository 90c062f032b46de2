package io.selvedge.console.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP request, as far as routes need it.
 *
 * @param method the verb in upper case
 * @param path the decoded path, {@code /api/devices}
 * @param query first value of each query parameter
 * @param headers first value of each header, by lower case name
 * @param remote the client's address
 * @param secure whether it came over TLS
 * @param body opens the body, at most once; who only looks at the headers leaves it to others
 */
public record Call(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    String remote,
    boolean secure,
    Body body) {

  /** Opens the body. */
  @FunctionalInterface
  public interface Body {
    InputStream open() throws IOException;
  }

  /** The largest body that is read, in bytes. */
  public static final int MAX_BODY = 1 << 20;

  public Call {
    query = Map.copyOf(query);
    headers = Map.copyOf(headers);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  public Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** A cookie's value, without the quotes that some clients put around it. */
  public Optional<String> cookie(String name) {
    String prefix = name + "=";
    for (String part : header("cookie").orElse("").split(";", -1)) {
      String cookie = part.strip();
      if (cookie.startsWith(prefix)) {
        String value = cookie.substring(prefix.length());
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return Optional.of(quoted ? value.substring(1, value.length() - 1) : value);
      }
    }
    return Optional.empty();
  }

  /** True where the client would rather see a page than JSON. */
  public boolean wantsPage() {
    return header("accept").orElse("").contains("text/html");
  }

  /** True for verbs that change nothing. */
  public boolean isSafe() {
    return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }

  /** True or false from the query; false where it is left out. */
  public boolean flag(String name) throws Refusal {
    String text = query.getOrDefault(name, "false");
    if (!text.equals("true") && !text.equals("false")) {
      throw Refusal.badRequest(
          "query.not_a_flag",
          "parameter " + name + " [" + Json.brief(text) + "] must be true or false");
    }
    return text.equals("true");
  }

  /** A whole number from the query, within limits, both included. */
  public int number(String name, int least, int most, int otherwise) throws Refusal {
    String text = query.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Refusal.badRequest(
        "query.out_of_range",
        "parameter "
            + name
            + " ["
            + Json.brief(text)
            + "] must be a whole number from "
            + least
            + " to "
            + most);
  }

  /**
   * The whole body.
   *
   * @throws Refusal it is larger than {@link #MAX_BODY}
   */
  public byte[] bytes() throws Refusal, IOException {
    byte[] bytes = body.open().readNBytes(MAX_BODY + 1);
    if (bytes.length > MAX_BODY) {
      throw new Refusal(
          413,
          "body.too_large",
          "the body is larger than [" + MAX_BODY + "] bytes; send it in smaller parts");
    }
    return bytes;
  }
}
