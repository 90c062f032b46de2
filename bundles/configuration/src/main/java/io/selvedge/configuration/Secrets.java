package io.selvedge.configuration;

import io.selvedge.api.configuration.Snapshots;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What must not be shown: what a bundle declares as a password, what is named like one, and keys
 * that begin with a point, which Declarative Services keeps to itself.
 */
final class Secrets {

  private static final Pattern NAME =
      Pattern.compile(
          "(.*[._-])?(password|passwd|passphrase|secret|token|pin|credentials?"
              + "|(private|api|access|shared|sas)[._-]?key)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern COMMENTED_OUT =
      Pattern.compile("(?m)^([ \\t]*[#!][ \\t]*)([A-Za-z0-9._-]+)([ \\t]*[=:][ \\t]*)(\\S.*)$");

  private final BiPredicate<String, String> declared;

  /**
   * @param declared whether a bundle declares the key of a PID as a password
   */
  Secrets(BiPredicate<String, String> declared) {
    this.declared = declared;
  }

  boolean isSecret(String pid, String key) {
    return key.startsWith(".") || NAME.matcher(key).matches() || declared.test(pid, key);
  }

  /** The text of a file, masked; a file that cannot be read is told of instead. */
  String text(String file, byte[] content) {
    String pid = pid(file);
    try {
      if (file.endsWith(".cfg")) {
        String text = new String(content, StandardCharsets.UTF_8);
        Map<String, Object> hidden = new TreeMap<>();
        CfgText.values(text)
            .forEach(
                (key, value) ->
                    hidden.put(
                        key, value.isEmpty() || !isSecret(pid, key) ? value : Snapshots.MASK));
        return comments(pid, CfgText.merge(text, hidden));
      }
      return new String(
          ConfigurationFiles.typed(masked(pid, ConfigurationFiles.read(file, content))),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "# cannot be shown: " + e.getMessage() + "\n";
    }
  }

  /** A password that was commented out is one all the same. */
  private String comments(String pid, String text) {
    Matcher lines = COMMENTED_OUT.matcher(text);
    return lines.replaceAll(
        line ->
            Matcher.quoteReplacement(
                isSecret(pid, line.group(2))
                    ? line.group(1) + line.group(2) + line.group(3) + Snapshots.MASK
                    : line.group()));
  }

  /** The values of a configuration, masked. */
  Map<String, Object> masked(String pid, Map<String, Object> values) {
    Map<String, Object> masked = new TreeMap<>(values);
    masked.replaceAll(
        (key, value) -> isSecret(pid, key) && !value.toString().isEmpty() ? Snapshots.MASK : value);
    return masked;
  }

  /** The PID, of several the factory's, of a file's name. */
  static String pid(String file) {
    return ConfigurationFiles.withoutEnding(file).replaceFirst("-.*", "");
  }
}
