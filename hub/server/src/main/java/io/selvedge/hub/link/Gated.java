package io.selvedge.hub.link;

import java.util.function.BooleanSupplier;

/**
 * An inbox that is connected to only under a further condition.
 *
 * @param inbox who takes what arrives
 * @param condition asked before each connection
 */
public record Gated(Connection.Inbox inbox, BooleanSupplier condition) implements Connection.Inbox {

  @Override
  public boolean take(Delivery delivery) throws InterruptedException {
    return inbox.take(delivery);
  }

  @Override
  public boolean ready() {
    return inbox.ready() && condition.getAsBoolean();
  }
}
