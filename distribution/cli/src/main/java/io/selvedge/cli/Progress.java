package io.selvedge.cli;

import java.io.PrintStream;
import java.util.Locale;
import picocli.CommandLine;

/**
 * Tells how far a step is: on a terminal in one line, otherwise now and then in a line of its own.
 */
final class Progress {

  private static final int BAR = 24;
  private static final long QUIET_NANOS = 10_000_000_000L;

  private final PrintStream out;
  private final String what;
  private final long total;
  private final boolean terminal = CommandLine.Help.Ansi.AUTO.enabled();
  private long shownAt = System.nanoTime();
  private long last = -1;

  Progress(PrintStream out, String what, long total) {
    this.out = out;
    this.what = what;
    this.total = Math.max(1, total);
  }

  void show(long now) {
    boolean changed = now != last;
    last = now;
    if (!changed) {
      return;
    }
    if (terminal) {
      int filled = (int) (BAR * Math.min(now, total) / total);
      out.printf(
          Locale.ROOT,
          "\r    %s%s %d of %d %s ",
          "█".repeat(filled),
          "░".repeat(BAR - filled),
          Math.min(now, total),
          total,
          what);
      if (now >= total) {
        out.print("\r\u001b[K");
      }
      out.flush();
    } else if (System.nanoTime() - shownAt > QUIET_NANOS) {
      shownAt = System.nanoTime();
      out.printf(Locale.ROOT, "    %d of %d %s%n", now, total, what);
    }
  }

  /** What was shown last, for messages. */
  String last() {
    return last + " of " + total + " " + what;
  }
}
