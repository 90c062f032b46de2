package io.selvedge.mqtt.client;

/**
 * Hears what became of a message, or of the end of a subscription. One of its methods is called
 * once, on a thread of the client's.
 */
public interface PublishListener {

  /** Hears nothing. */
  PublishListener NONE =
      new PublishListener() {
        @Override
        public void done() {
          // nobody asks
        }

        @Override
        public void failed(String reason) {
          // nobody asks
        }
      };

  /**
   * QoS 0: the message is handed to the network. QoS 1 and 2, and the end of a subscription: the
   * broker has acknowledged it.
   */
  void done();

  /**
   * The broker will never take this message, and the connection goes on (MQTT 5 only).
   *
   * @param reason for people
   */
  default void refused(String reason) {
    failed(reason);
  }

  /**
   * The broker does not let this client publish to the topic, or cannot find out whether it may;
   * the connection goes on (MQTT 5 only).
   *
   * @param reason for people
   */
  default void denied(String reason) {
    failed(reason);
  }

  /**
   * It is not known to have arrived.
   *
   * @param reason for people
   */
  void failed(String reason);
}
