package io.selvedge.mqtt;

import java.util.Optional;

/** Between the topics of docs/protocol.md and those of a broker that wants others. */
interface Topics {

  /**
   * Where a message is published.
   *
   * @throws IllegalArgumentException where the broker has no such topic; the message says why
   */
  String outgoing(String topic);

  /** What a message came in on; empty where it is none of ours. */
  Optional<String> incoming(String topic);

  /** What is subscribed to for the messages of an inbox. */
  String filter(String inbox);
}
