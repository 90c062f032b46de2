package io.selvedge.mqtt.client;

import java.time.Duration;

/**
 * A version of the protocol, over a network that is ready. Nothing here waits but where it says.
 */
interface Engine {

  /** What the engine tells, on its own threads. */
  interface Events {
    void arrived(ConnectionListener.Incoming message);

    /** See {@link ConnectionListener#direct}. */
    boolean direct();

    /**
     * The connection ended.
     *
     * @param reason for people, as far as the protocol knows it
     */
    void ended(String reason);

    /**
     * The broker ended the connection, and said why.
     *
     * @param reason for people
     */
    void disconnected(String reason);
  }

  /** What became of a step that the broker answers. */
  interface Answer {
    void done();

    void failed(ConnectionException why);
  }

  /** Signs in. */
  void connect(Answer answer) throws ConnectionException;

  /** What the broker takes; known once it has let us in. */
  BrokerLimits limits();

  /** What the broker wants, or else what the options say. */
  Duration keepAlive();

  void subscribe(String filter, int qos, Answer answer) throws ConnectionException;

  void unsubscribe(String filter, Answer answer) throws ConnectionException;

  /**
   * Sends, at the latest with the next {@link #flush}.
   *
   * @throws IllegalArgumentException where MQTT forbids the topic
   */
  void publish(String topic, byte[] payload, int qos, boolean retain, PublishListener listener)
      throws ConnectionException;

  /** Sends what was published and is still here. */
  default void flush() throws ConnectionException {}

  /** Sends a ping where one is due; false where none was. */
  boolean ping() throws ConnectionException;

  /** Waits for what is under way, then disconnects, so that the broker drops the will. */
  void disconnect(Duration patience, Answer answer)
      throws ConnectionException, InterruptedException;

  /** Ends it whatever its state. */
  void close();
}
