package io.selvedge.deployment;

import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Notifier;
import java.util.Optional;

/**
 * Whoever sent the newest deployment, told how it goes: fetching, checking, live or refused. Where
 * nobody asked (the gateway fetched it itself) nobody is told; the reported state says it all the
 * same.
 */
final class Requester {

  static final String TYPE = "deployment";
  private static final int FETCHING = 10;
  private static final int VERIFYING = 70;
  private static final int SHADOW = 80;
  private static final int TRIAL = 90;

  private Optional<Notifier> notifier = Optional.empty();
  private Optional<Notification> last = Optional.empty();

  /** This one has sent the newest; those before hear no more. */
  synchronized void is(Notifier newest) {
    notifier = Optional.of(newest);
    last = Optional.empty();
  }

  /** On any thread; each step is told once. */
  synchronized void tell(DeploymentStatus status) {
    Optional<Notification> now = notification(status);
    if (notifier.isEmpty() || now.isEmpty() || now.equals(last)) {
      return;
    }
    last = now;
    notifier.get().send(now.get());
    if (now.get().status().isFinal()) {
      notifier = Optional.empty();
    }
  }

  private static Optional<Notification> notification(DeploymentStatus status) {
    String name = "deployment [" + status.newest() + "] ";
    return switch (status.state()) {
      case NONE -> Optional.empty();
      case FETCHING -> Optional.of(Notification.inProgress(TYPE, FETCHING, name + "is fetched"));
      case VERIFYING -> Optional.of(Notification.inProgress(TYPE, VERIFYING, name + "is checked"));
      case SHADOW ->
          Optional.of(
              Notification.inProgress(TYPE, SHADOW, name + "runs beside what is live, on trial"));
      case TRIAL -> Optional.of(Notification.inProgress(TYPE, TRIAL, name + "is live, on trial"));
      case ACTIVE -> Optional.of(Notification.completed(TYPE, name + "is live"));
      case REFUSED, REVERTED ->
          Optional.of(Notification.failed(TYPE, 0, status.code() + " " + status.message()));
    };
  }
}
