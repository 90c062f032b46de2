package io.selvedge.console.rest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What differs between two texts, by line: the longest common ones stay. */
final class LineDiff {

  private static final int MOST_LINES = 2000;

  /**
   * A line of one of the texts, or of both.
   *
   * @param sign {@code -} only in the first, {@code +} only in the second, a blank in both
   */
  record Line(char sign, String text) {}

  private LineDiff() {}

  static List<Line> of(String before, String after) {
    List<String> from = before.lines().limit(MOST_LINES).toList();
    List<String> to = after.lines().limit(MOST_LINES).toList();
    int[][] common = common(from, to);
    Deque<Line> lines = new ArrayDeque<>();
    int i = 0;
    int j = 0;
    while (i < from.size() || j < to.size()) {
      boolean both = i < from.size() && j < to.size();
      if (both && from.get(i).equals(to.get(j))) {
        lines.add(new Line(' ', from.get(i)));
        i++;
        j++;
      } else if (i < from.size() && (j == to.size() || common[i + 1][j] >= common[i][j + 1])) {
        lines.add(new Line('-', from.get(i++)));
      } else {
        lines.add(new Line('+', to.get(j++)));
      }
    }
    return List.copyOf(lines);
  }

  /** How many lines are common to what follows from each pair of places on. */
  private static int[][] common(List<String> from, List<String> to) {
    int[][] common = new int[from.size() + 1][to.size() + 1];
    for (int i = from.size() - 1; i >= 0; i--) {
      for (int j = to.size() - 1; j >= 0; j--) {
        common[i][j] =
            from.get(i).equals(to.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}
