package io.selvedge.mqtt;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A kind of broker: what it limits, and how our topics look there. Sources: AWS IoT Core endpoints
 * and quotas, and "Communicate with an IoT hub using the MQTT protocol"; see
 * docs/cloud-profiles.md.
 */
enum Profile {
  /** Any broker. */
  PLAIN("plain", "$EDC", 5, 3600, 1000, 1024, 65_535, 65_535),
  /** AWS IoT Core. */
  AWS_IOT_CORE("aws-iot-core", "edc", 30, 1200, 100, 128, 256, 8),
  /** Azure IoT Hub. */
  AZURE_IOT_HUB("azure-iot-hub", "$EDC", 5, 1177, 100, 256, 65_535, 65_535);

  private final String word;
  private final String controlPrefix;
  private final int leastKeepAlive;
  private final int mostKeepAlive;
  private final int mostWindow;
  private final int largestKib;
  private final int topicBytes;
  private final int topicLevels;

  Profile(
      String word,
      String controlPrefix,
      int leastKeepAlive,
      int mostKeepAlive,
      int mostWindow,
      int largestKib,
      int topicBytes,
      int topicLevels) {
    this.word = word;
    this.controlPrefix = controlPrefix;
    this.leastKeepAlive = leastKeepAlive;
    this.mostKeepAlive = mostKeepAlive;
    this.mostWindow = mostWindow;
    this.largestKib = largestKib;
    this.topicBytes = topicBytes;
    this.topicLevels = topicLevels;
  }

  static Optional<Profile> of(String word) {
    return Arrays.stream(values()).filter(one -> one.word.equalsIgnoreCase(word)).findFirst();
  }

  /** All of them, for messages. */
  static String words() {
    return Arrays.stream(values()).map(one -> one.word).collect(Collectors.joining(", "));
  }

  /** With what control topics begin, unless another is configured. */
  String controlPrefix() {
    return controlPrefix;
  }

  /** In seconds. */
  int leastKeepAlive() {
    return leastKeepAlive;
  }

  /** In seconds. */
  int mostKeepAlive() {
    return mostKeepAlive;
  }

  /** Messages that may be under way. */
  int mostWindow() {
    return mostWindow;
  }

  /** Kibibytes of a payload. */
  int largestKib() {
    return largestKib;
  }

  /**
   * How our topics look there.
   *
   * @param prefix with what control topics begin
   * @param clientId name of this client at the broker
   */
  Topics topics(String prefix, String clientId) {
    return this == AZURE_IOT_HUB
        ? new AzureTopics(clientId)
        : new PrefixedTopics(prefix, topicBytes, topicLevels);
  }
}
