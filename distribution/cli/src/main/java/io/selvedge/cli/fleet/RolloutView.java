package io.selvedge.cli.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Shows how a rollout goes: on a terminal a bar a group, drawn again in place; elsewhere a line for
 * each group or rollout that has changed.
 */
final class RolloutView {

  private static final int BAR = 30;

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
    StringBuilder text = new StringBuilder();
    if (lines > 0) {
      text.append("\u001b[").append(lines).append('A');
    }
    line(text, head(rollout));
    lines = 1;
    for (JsonNode group : rollout.path("groups")) {
      line(text, bar(group));
      lines++;
    }
    out.print(text);
    out.flush();
  }

  private static void line(StringBuilder text, String line) {
    text.append("\r\u001b[K").append(line).append(System.lineSeparator());
  }

  private void tell(JsonNode rollout) {
    changed("", head(rollout));
    for (JsonNode group : rollout.path("groups")) {
      changed(group.path("name").asText(), bar(group).stripLeading());
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
