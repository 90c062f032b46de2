package io.selvedge.hub.store;

import io.selvedge.hub.store.Arrival.Life;
import io.selvedge.hub.store.Gateway.State;
import io.selvedge.protocol.kura.KuraTopic.Stage;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a gateway is there, by its births, farewells and wills, in whatever order they come:
 * several hubs hear of them side by side, and one that was away hears of them late. What belongs to
 * an older connection than the newest known changes nothing.
 *
 * @param state as far as is known
 * @param since when that was heard
 * @param connection when the connection began that the newest birth came on, by the gateway's
 *     clock; empty where gateways do not say
 * @param ended the last connection known to have ended, the same way
 */
record Lifecycle(
    State state, Instant since, Optional<Instant> connection, Optional<Instant> ended) {

  /** Before this no gateway's clock can be right: it has not been set yet. */
  static final Instant CLOCK_UNSET = Instant.parse("2020-01-01T00:00:00Z");

  /** What is known after this one; itself where it tells nothing new. */
  Lifecycle after(Life life) {
    return switch (life.stage()) {
      case BIRTH -> born(life);
      case APPS -> this; // a birth came before it
      case DC, LWT -> gone(life);
    };
  }

  /** Whether a birth is of the newest connection known, or of a newer one. */
  boolean counts(Life birth) {
    return !older(birth);
  }

  private Lifecycle born(Life life) {
    if (!counts(life)) {
      return this;
    }
    if (life.connection().isPresent() && life.connection().equals(ended)) {
      return new Lifecycle( // its end was heard before its birth
          state == State.OFFLINE ? State.OFFLINE : State.LOST, since, life.connection(), ended);
    }
    if (state == State.ONLINE
        && life.connection().isPresent()
        && life.connection().equals(connection)) {
      return this; // the same connection tells more of its gateway
    }
    return new Lifecycle(State.ONLINE, life.received(), life.connection(), ended);
  }

  private Lifecycle gone(Life life) {
    State to = life.stage() == Stage.DC ? State.OFFLINE : State.LOST;
    if (life.connection().isEmpty()) {
      return life.received().isBefore(since)
          ? this
          : new Lifecycle(to, life.received(), connection, ended);
    }
    if (life.connection().equals(ended) || older(life)) {
      return this;
    }
    if (connection.isPresent() && !connection.equals(life.connection())) {
      return new Lifecycle(state, since, connection, life.connection()); // its birth is on the way
    }
    return new Lifecycle(to, life.received(), connection, life.connection());
  }

  /** What is known is of a later connection, unless one of both was told by a clock gone wrong. */
  private boolean older(Life life) {
    return life.connection().isPresent()
        && connection.isPresent()
        && life.connection().get().isBefore(connection.get())
        && life.connection().get().isAfter(CLOCK_UNSET)
        && !connection.get().isAfter(life.received().plus(ReportOrder.AHEAD));
  }
}
