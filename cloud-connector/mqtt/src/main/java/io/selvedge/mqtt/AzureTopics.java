package io.selvedge.mqtt;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Azure IoT Hub knows one topic a device in each direction; properties are part of it. Ours travels
 * in the property {@value #PROPERTY}, URL-encoded, both ways.
 *
 * <pre>
 *   devices/{device}/messages/events/topic=acme%2Fgw-1%2FDATA-V1%2Foffice
 *   devices/{device}/messages/devicebound/…&amp;topic=%24EDC%2Facme%2Fgw-1%2FTWIN-V1%2F…
 * </pre>
 *
 * @param device id, which is the client id, too
 */
record AzureTopics(String device) implements Topics {

  private static final String PROPERTY = "topic";

  @Override
  public String outgoing(String topic) {
    return "devices/" + device + "/messages/events/" + PROPERTY + '=' + encode(topic);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public Optional<String> incoming(String topic) {
    String inbox = "devices/" + device + "/messages/devicebound/";
    if (!topic.startsWith(inbox)) {
      return Optional.empty();
    }
    try {
      return Arrays.stream(topic.substring(inbox.length()).split("&", -1))
          .filter(property -> property.startsWith(PROPERTY + '='))
          .map(property -> property.substring(PROPERTY.length() + 1))
          .map(value -> URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8))
          .findFirst();
    } catch (IllegalArgumentException e) { // a percent sign without digits
      return Optional.empty();
    }
  }

  @Override
  public String filter(String inbox) {
    return "devices/" + device + "/messages/devicebound/#";
  }
}
