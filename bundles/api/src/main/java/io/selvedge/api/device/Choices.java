package io.selvedge.api.device;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** A setting that names some of several things, by commas: {@code inputs = 0, 1, 7}. */
public final class Choices {

  private Choices() {}

  /**
   * What is named, in the setting's order; none where it is blank.
   *
   * @param setting the setting's name, for the message
   * @param text what it is set to
   * @param known what there is to choose from
   * @throws IllegalArgumentException something is named that there is not, or twice
   */
  public static List<String> of(String setting, String text, Collection<String> known) {
    if (text.isBlank()) {
      return List.of();
    }
    List<String> chosen = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (!known.containsAll(chosen) || chosen.stream().distinct().count() < chosen.size()) {
      throw new IllegalArgumentException(
          setting + " [" + text + "] must be of " + known + ", by commas, each once");
    }
    return chosen;
  }
}
