package io.selvedge.protocol.transfer;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Request;
import java.util.BitSet;
import java.util.Map;

/**
 * Asks the hub for many blocks of a file at once. They come on the session's topic, in rising
 * order, requests one after the other; the reply only says that they will.
 *
 * @param file SHA-256 of the file
 * @param list SHA-256 of its list of blocks
 * @param session where the blocks shall come; a new one ends what the hub still sends to those of
 *     before
 * @param number rises with each request of a session
 * @param first the first block that is wanted
 * @param wanted bit n stands for block {@code first + n}; at least one
 */
public record BlockRequest(
    String file, String list, String session, int number, int first, BitSet wanted) {

  /** Application id of artifact files. */
  public static final String APP = "ARTIFACT-V1";

  /** Most blocks that one request spans. */
  public static final int MOST_SPAN = 1 << 16;

  private static final String RESOURCE_END = "/blocks";
  private static final String DIGEST = "[0-9a-f]{64}";

  public BlockRequest {
    wanted = (BitSet) wanted.clone();
    if (!file.matches(DIGEST) || !list.matches(DIGEST)) {
      throw new IllegalArgumentException(
          "file [" + file + "] and list [" + list + "] must be SHA-256, lower case hexadecimal");
    }
    if (!session.matches("[0-9a-z]{1,32}")) {
      throw new IllegalArgumentException("session [" + session + "] must have 1 to 32 of 0-9 a-z");
    }
    if (first < 0 || wanted.isEmpty() || wanted.length() > MOST_SPAN) {
      throw new IllegalArgumentException(
          "wanted blocks must span 1 to " + MOST_SPAN + ", from a first that is not negative");
    }
  }

  /** Whether a request is one of this kind, well-formed or not. */
  public static boolean isOne(Request request) {
    return request.method() == Request.Method.GET && request.resource().endsWith(RESOURCE_END);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException what is wrong with it
   */
  public static BlockRequest of(Request request) {
    String resource = request.resource();
    return new BlockRequest(
        resource.substring(0, resource.length() - RESOURCE_END.length()),
        text(request, "list"),
        text(request, "session"),
        whole(request, "number"),
        whole(request, "first"),
        BitSet.valueOf(request.body()));
  }

  public Request toRequest() {
    return new Request(
        Request.Method.GET,
        file + RESOURCE_END,
        Map.of(
            "list",
            Value.of(list),
            "session",
            Value.of(session),
            "number",
            Value.of((long) number),
            "first",
            Value.of((long) first)),
        wanted.toByteArray());
  }

  private static String text(Request request, String metric) {
    if (request.metrics().get(metric) instanceof Value.Text text) {
      return text.value();
    }
    throw new IllegalArgumentException("metric [" + metric + "] must be there, a STRING");
  }

  private static int whole(Request request, String metric) {
    if (request.metrics().get(metric) instanceof Value.Whole whole
        && whole.value() >= 0
        && whole.value() <= Integer.MAX_VALUE) {
      return (int) whole.value();
    }
    throw new IllegalArgumentException(
        "metric [" + metric + "] must be there, an INT64 from 0 to " + Integer.MAX_VALUE);
  }
}
