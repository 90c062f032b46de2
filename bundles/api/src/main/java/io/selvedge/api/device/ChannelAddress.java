package io.selvedge.api.device;

import java.util.Objects;

/**
 * A channel of a device, written {@code device/channel}: {@code hall/temperature}.
 *
 * @param device the device's id: lower case letters, digits, {@code _} and {@code -}
 * @param channel the channel's id
 */
public record ChannelAddress(String device, String channel) {

  private static final int LONGEST_ID = 64;

  public ChannelAddress {
    requireDeviceId(device);
    Objects.requireNonNull(channel, "channel must not be null");
    if (channel.isEmpty() || channel.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "channel [" + channel + "] must be a channel's id, for example [temperature]");
    }
  }

  /** Reads {@code device/channel}. */
  public static ChannelAddress parse(String address) {
    int slash = address.indexOf('/');
    if (slash < 1 || slash == address.length() - 1) {
      throw new IllegalArgumentException(
          "channel address [" + address + "] must be device/channel, for example [hall/humidity]");
    }
    return new ChannelAddress(address.substring(0, slash), address.substring(slash + 1));
  }

  /** Returns the id, or says what is wrong with it. Ids are parts of topics and file names. */
  public static String requireDeviceId(String id) {
    if (!isDeviceId(id)) {
      throw new IllegalArgumentException(
          "device id ["
              + id
              + "] must start with a lower case letter and hold at most 64 of a-z 0-9 _ -, for"
              + " example [boiler-2]");
    }
    return id;
  }

  /** By hand: asked for with each measurement. */
  private static boolean isDeviceId(String id) {
    if (id.isEmpty() || id.length() > LONGEST_ID || !isLetter(id.charAt(0))) {
      return false;
    }
    for (int i = 1; i < id.length(); i++) {
      char c = id.charAt(i);
      if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  @Override
  public String toString() {
    return device + "/" + channel;
  }
}
