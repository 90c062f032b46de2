package io.selvedge.training;

import java.io.PrintStream;
import java.util.Locale;

/** Lines {@code progress 0.42 epoch 25 of 60, loss 0.123} for the process that waits for us. */
record Progress(PrintStream out, double from, double to) {

  /** A part of this one's span. */
  Progress part(double start, double end) {
    return new Progress(out, at(start), at(end));
  }

  void epoch(int epoch, int epochs, double loss) {
    say((double) epoch / epochs, "epoch %d of %d, loss %.3f", epoch, epochs, loss);
  }

  void say(double done, String format, Object... arguments) {
    out.println(
        String.format(Locale.ROOT, "progress %.2f ", at(done))
            + String.format(Locale.ROOT, format, arguments));
    out.flush();
  }

  private double at(double done) {
    return from + (to - from) * done;
  }
}
