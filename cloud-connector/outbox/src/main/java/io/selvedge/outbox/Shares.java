package io.selvedge.outbox;

import java.util.Map;

/**
 * What each source may take of the budget while others need it, in percent. A source may take more
 * while there is room; when the budget is used up, the source that is furthest over its share gives
 * way first.
 *
 * @param percent by source; 0 to 100 each, at most 100 together
 * @param rest of each source that is not named; 0 to 100
 */
public record Shares(Map<String, Integer> percent, int rest) {

  /** No shares: only priority decides what gives way. */
  public static final Shares NONE = new Shares(Map.of(), 100);

  public Shares {
    percent = Map.copyOf(percent);
    percent.forEach((source, share) -> check(source, share));
    check("any other", rest);
    int sum = percent.values().stream().mapToInt(Integer::intValue).sum();
    if (sum > 100) {
      throw new IllegalArgumentException(
          "shares of " + percent + " add up to [" + sum + "] percent; they must not exceed [100]");
    }
  }

  private static void check(String source, int share) {
    if (share < 0 || share > 100) {
      throw new IllegalArgumentException(
          "share [" + share + "] of source [" + source + "] must be 0 to 100 percent");
    }
  }

  /** Each source that is not named may take what the named ones leave. */
  public static Shares of(Map<String, Integer> percent) {
    int sum = percent.values().stream().mapToInt(Integer::intValue).sum();
    return new Shares(percent, Math.max(0, 100 - sum));
  }

  /** Whether only priority decides. */
  public boolean isNone() {
    return percent.isEmpty() && rest == 100;
  }

  int of(String source) {
    return percent.getOrDefault(source, rest);
  }
}
