package io.selvedge.mqtt.client;

import io.selvedge.mqtt.client.ConnectionException.Kind;

/** Reason codes of MQTT 5 (section 2.4), for people. */
final class ReasonCodes {

  /** From here on a code says that something is not done. */
  static final int FIRST_FAILURE = 0x80;

  /** Who signed in may not do that. */
  static final int NOT_AUTHORIZED = 0x87;

  private ReasonCodes() {}

  static String text(int code) {
    return switch (code) {
      case 0x00 -> "ended by the broker";
      case 0x80 -> "unspecified error";
      case 0x81 -> "malformed packet";
      case 0x82 -> "protocol error";
      case 0x83 -> "not accepted by this broker";
      case 0x84 -> "the broker does not speak MQTT 5";
      case 0x85 -> "client id is not valid";
      case 0x86 -> "bad user name or password";
      case NOT_AUTHORIZED -> "not authorized";
      case 0x88 -> "server unavailable";
      case 0x89 -> "server busy";
      case 0x8A -> "banned";
      case 0x8B -> "server is shutting down";
      case 0x8C -> "bad authentication method";
      case 0x8D -> "keep-alive timeout";
      case 0x8E -> "another connection with the same client id has taken over";
      case 0x8F -> "topic filter is not valid";
      case 0x90 -> "topic name is not valid";
      case 0x93 -> "more messages under way than the broker takes";
      case 0x94 -> "topic alias is not valid";
      case 0x95 -> "packet is too large";
      case 0x96 -> "message rate is too high";
      case 0x97 -> "quota exceeded";
      case 0x98 -> "administrative action";
      case 0x99 -> "payload format is not valid";
      case 0x9A -> "retained messages are not supported";
      case 0x9B -> "this QoS is not supported";
      case 0x9C, 0x9D -> "the broker asks to use another server";
      case 0x9E -> "shared subscriptions are not supported";
      case 0x9F -> "too many connections in a short time";
      case 0xA0 -> "longest time of a connection is over";
      case 0xA2 -> "subscriptions with wildcards are not supported";
      default -> "reason code [0x" + Integer.toHexString(code) + "]";
    };
  }

  /** What kind of failure it is when a connection is made. */
  static Kind kind(int code) {
    return switch (code) {
      case 0x86, NOT_AUTHORIZED, 0x8A, 0x8C -> Kind.NOT_AUTHORIZED;
      case 0x85 -> Kind.CLIENT_ID;
      case 0x88, 0x89, 0x8B, 0x97, 0x9F -> Kind.UNAVAILABLE;
      default -> Kind.OTHER;
    };
  }

  /** Whether the fault is the message's own, so that it will never be taken. */
  static boolean isOfTheMessage(int code) {
    return code == 0x90 || code == 0x95 || code == 0x99;
  }
}
