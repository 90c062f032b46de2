package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Shows how a rollout goes: on a terminal a bar a group, drawn again in place; elsewhere a line for
 * each group or rollout that has changed.
 */
final class RolloutView {

  private static final int BAR = 30;

  /** A terminal leaves out what goes beyond its width, and goes on in the next row again. */
  private static final String CUT = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";

  private final PrintStream out;
  private final boolean terminal;
  private final Map<String, String> shown = new LinkedHashMap<>();
  private int lines;

  RolloutView(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  void show(JsonNode rollout) {
    if (terminal) {
      draw(rollout);
    } else {
      tell(rollout);
    }
  }

  private void draw(JsonNode rollout) {
    StringBuilder text = new StringBuilder(CUT); // so that a line is a row, however long it is
    if (lines > 0) {
      text.append("\u001b[").append(lines).append("A\u001b[J"); // lines may become fewer
    }
    line(text, head(rollout));
    lines = 1;
    for (JsonNode group : rollout.path("groups")) {
      line(text, bar(group));
      lines++;
      if (group.has("waits")) {
        line(text, "    " + group.path("waits").asText());
        lines++;
      }
    }
    out.print(text.append(WRAP));
    out.flush();
  }

  private static void line(StringBuilder text, String line) {
    text.append("\r\u001b[K").append(line).append(System.lineSeparator());
  }

  private void tell(JsonNode rollout) {
    changed("", head(rollout));
    for (JsonNode group : rollout.path("groups")) {
      String name = group.path("name").asText();
      changed(name, bar(group).stripLeading());
      if (group.has("waits")) {
        changed("waits of " + name, "  " + group.path("waits").asText());
      }
    }
  }

  private void changed(String what, String line) {
    if (!line.equals(shown.put(what, line))) {
      out.println(line);
    }
  }

  static String head(JsonNode rollout) {
    return "Rollout "
        + rollout.path("id").asLong()
        + " ["
        + rollout.path("name").asText()
        + "] "
        + rollout.path("state").asText();
  }

  /** A line of the list. */
  static String brief(JsonNode rollout) {
    int all = 0;
    for (JsonNode count : rollout.path("counts")) {
      all += count.asInt();
    }
    return String.format(
        Locale.ROOT,
        "%5d  %-9s %4d of %4d done  %3d failed  %s  %s",
        rollout.path("id").asLong(),
        rollout.path("state").asText(),
        rollout.at("/counts/DONE").asInt(),
        all,
        rollout.at("/counts/FAILED").asInt(),
        rollout.path("created").asText().replaceFirst("\\..*", "Z"),
        rollout.path("name").asText());
  }

  /** One that it hangs on, or that failed; empty for the others. */
  static Optional<String> gateway(JsonNode gateway) {
    String state = gateway.path("state").asText();
    String id = gateway.path("gateway").asText();
    String away =
        gateway.has("absentSince")
            ? "not connected since " + gateway.path("absentSince").asText()
            : "";
    if (state.equals("DONE") || (state.equals("SCHEDULED") && away.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        state.equals("SCHEDULED")
            ? String.format(Locale.ROOT, "  %-20s %-12s %s", id, state, away)
            : String.format(
                    Locale.ROOT,
                    "  %-20s %-12s revision %d  %s%s %s  %s",
                    id,
                    state,
                    gateway.path("revision").asLong(),
                    fetched(gateway, state),
                    gateway.path("code").asText(),
                    gateway.path("message").asText(),
                    away)
                .stripTrailing());
  }

  private static String fetched(JsonNode gateway, String state) {
    long total = gateway.at("/progress/total_bytes").asLong();
    return state.equals("INSTALLING") && total > 0
        ? 100 * gateway.at("/progress/done_bytes").asLong() / total + " % fetched "
        : "";
  }

  /** A transition. */
  static String event(JsonNode one) {
    String subject = one.path("subject").asText();
    return String.format(
        Locale.ROOT,
        "%s  %-12s %-24s %s  %s",
        one.path("at").asText(),
        one.path("who").asText(),
        subject.isEmpty() ? "rollout" : subject,
        one.path("from").asText() + " → " + one.path("to").asText(),
        one.path("why").asText());
  }

  /** {@code canary ██████░░░░ 3 of 5 done, 1 in trial, 1 failed RUNNING}. */
  static String bar(JsonNode group) {
    JsonNode counts = group.path("counts");
    int all = 0;
    for (JsonNode count : counts) {
      all += count.asInt();
    }
    int done = counts.path("DONE").asInt();
    int failed = counts.path("FAILED").asInt();
    int under =
        counts.path("ISSUED").asInt()
            + counts.path("INSTALLING").asInt()
            + counts.path("TRIAL").asInt();
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "  %-12s %s%s%s%s %d of %d done",
                group.path("name").asText(),
                "█".repeat(share(done, all)),
                "▒".repeat(share(under, all)),
                "×".repeat(share(failed, all)),
                "░"
                    .repeat(
                        Math.max(
                            0, BAR - share(done, all) - share(under, all) - share(failed, all))),
                done,
                all));
    add(text, counts, "ISSUED", "sent");
    add(text, counts, "INSTALLING", "installing");
    add(text, counts, "TRIAL", "in trial");
    add(text, counts, "FAILED", "failed");
    add(text, counts, "SUPERSEDED", "superseded");
    add(text, counts, "CANCELLED", "cancelled");
    add(text, counts, "TAKING_BACK", "being taken back");
    add(text, counts, "TAKEN_BACK", "taken back");
    return text.append("  ").append(group.path("state").asText()).toString();
  }

  private static int share(int some, int all) {
    return all == 0 ? 0 : some * BAR / all;
  }

  private static void add(StringBuilder text, JsonNode counts, String state, String words) {
    int many = counts.path(state).asInt();
    if (many > 0) {
      text.append(", ").append(many).append(' ').append(words);
    }
  }
}
