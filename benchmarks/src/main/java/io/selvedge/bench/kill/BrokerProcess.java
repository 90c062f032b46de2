package io.selvedge.bench.kill;

import io.selvedge.hub.HubOptions;
import io.selvedge.hub.broker.EmbeddedBroker;
import io.selvedge.hub.broker.TopicAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The hub's embedded broker in a process of its own, so that it can be killed alone. */
public final class BrokerProcess {

  /** Printed when both doors are open. */
  static final String READY = "Broker is ready.";

  private BrokerProcess() {}

  /**
   * Runs until it is killed.
   *
   * @param arguments data directory, the hub's port, the gateways' port, the password of all
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    String password = arguments[3];
    EmbeddedBroker broker =
        new EmbeddedBroker(
            Path.of(arguments[0]),
            (id, given) -> given.equals(password),
            new TopicAccess(HubOptions.DEFAULT_ACCOUNT),
            password);
    broker.start(Integer.parseInt(arguments[1]));
    broker.open("127.0.0.1", Integer.parseInt(arguments[2]), Optional.empty());
    System.out.println(READY);
    new CountDownLatch(1).await();
  }
}
