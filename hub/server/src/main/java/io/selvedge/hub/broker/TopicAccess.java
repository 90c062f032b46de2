package io.selvedge.hub.broker;

import io.selvedge.protocol.kura.KuraTopic;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a gateway may publish and hear: its own, and the hub's inbox. Nothing else, so that no
 * gateway can hear another one or speak in its name.
 *
 * <pre>
 * publish     {account}/{id}/…                      its data
 *             $EDC/{account}/{id}/MQTT/…            its birth, farewell and will
 *             $EDC/{account}/HUB/{app}/…            requests to the hub, replies to its requests
 * subscribe   $EDC/{account}/{id}/…                 requests to it, replies to its requests
 *             $EDC/{account}/{id}~files/…           blocks of files
 * </pre>
 */
public final class TopicAccess {

  /** What a gateway may be called: also a part of a topic and an MQTT client id. */
  public static final Pattern GATEWAY_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final String account;

  public TopicAccess(String account) {
    this.account = account;
  }

  /** True for what {@link #GATEWAY_ID} allows, but for the names of hubs. */
  public static boolean isGatewayId(String id) {
    String upper = id.toUpperCase(Locale.ROOT);
    return GATEWAY_ID.matcher(id).matches()
        && !upper.equals(KuraTopic.HUB)
        && !upper.startsWith(KuraTopic.HUB + '-');
  }

  public boolean mayPublish(String gateway, String topic) {
    if (!isGatewayId(gateway)
        || !plain(topic)
        || topic.indexOf('+') >= 0
        || topic.indexOf('#') >= 0) {
      return false;
    }
    String control = KuraTopic.CONTROL + '/' + account + '/';
    return below(topic, account + '/' + gateway)
        || below(topic, control + gateway + "/MQTT")
        || below(topic, control + KuraTopic.HUB);
  }

  /** The whole inbox or a part of it, and files (no gateway's id has a tilde). */
  public boolean maySubscribe(String gateway, String filter) {
    String inbox = KuraTopic.CONTROL + '/' + account + '/' + gateway;
    return isGatewayId(gateway)
        && plain(filter)
        && (below(filter, inbox) || below(filter, inbox + "~files"));
  }

  /** A connection's client id is the gateway's own, or a second one below it. */
  public static boolean mayConnectAs(String gateway, String clientId) {
    return clientId.equals(gateway) || clientId.startsWith(gateway + '/');
  }

  private static boolean below(String topic, String prefix) {
    return topic.length() > prefix.length() + 1 && topic.startsWith(prefix + '/');
  }

  /** The broker reads "::" as the name of a queue, which nobody but the broker shall name. */
  private static boolean plain(String topic) {
    return !topic.contains("::") && topic.indexOf('\0') < 0;
  }
}
