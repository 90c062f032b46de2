package io.selvedge.mqtt.client;

/**
 * Hears what became of a message, or of the end of a subscription. One of the two is called once,
 * on a thread of the client's.
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
   * It is not known to have arrived.
   *
   * @param reason for people
   */
  void failed(String reason);
}
