package io.selvedge.api.device;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A channel of a device, written {@code device/channel}: {@code hall/temperature}.
 *
 * @param device the device's id: lower case letters, digits, {@code _} and {@code -}
 * @param channel the channel's id
 */
public record ChannelAddress(String device, String channel) {

  private static final Pattern DEVICE = Pattern.compile("[a-z][a-z0-9_-]{0,63}");

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
    if (!DEVICE.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "device id ["
              + id
              + "] must start with a lower case letter and hold at most 64 of a-z 0-9 _ -, for"
              + " example [boiler-2]");
    }
    return id;
  }

  @Override
  public String toString() {
    return device + "/" + channel;
  }
}
