package io.selvedge.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Topics as they are, but for another word than {@code $EDC} before control topics, and as long and
 * as deep as the broker allows.
 *
 * @param prefix first part of control topics
 * @param mostBytes of a topic in UTF-8
 * @param mostLevels parts between slashes
 */
record PrefixedTopics(String prefix, int mostBytes, int mostLevels) implements Topics {

  private static final String CONTROL = "$EDC/";

  @Override
  public String outgoing(String topic) {
    String there = filter(topic);
    int bytes = there.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > mostBytes) {
      throw new IllegalArgumentException(
          "it has [" + bytes + "] bytes, the broker allows [" + mostBytes + "]");
    }
    long levels = 1 + there.chars().filter(c -> c == '/').count();
    if (levels > mostLevels) {
      throw new IllegalArgumentException(
          "it has [" + levels + "] levels, the broker allows [" + mostLevels + "]");
    }
    return there;
  }

  @Override
  public Optional<String> incoming(String topic) {
    return Optional.of(
        topic.startsWith(prefix + '/') ? CONTROL + topic.substring(prefix.length() + 1) : topic);
  }

  @Override
  public String filter(String inbox) {
    return inbox.startsWith(CONTROL) ? prefix + '/' + inbox.substring(CONTROL.length()) : inbox;
  }
}
