package io.selvedge.hub.deploy;

import io.selvedge.protocol.deployment.DeploymentDocument;
import io.selvedge.protocol.deployment.RuntimeVersion;
import io.selvedge.protocol.deployment.Trial;
import io.selvedge.protocol.deployment.Window;
import io.selvedge.protocol.json.Fields;
import java.util.Optional;

/**
 * What a gateway must keep to with a deployment.
 *
 * @param rollout the rollout that it is of
 * @param trial what it has to show before it is kept
 * @param window the part of the day in which it may be switched to
 * @param minimumRuntime a gateway that runs an older version refuses it
 */
public record Terms(
    Optional<Long> rollout,
    Optional<Trial> trial,
    Optional<Window> window,
    Optional<RuntimeVersion> minimumRuntime) {

  /** Nothing: it is kept as soon as it runs. */
  public static final Terms NONE =
      new Terms(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * Reads {@code trial}, {@code window} and {@code minimum_runtime}, as far as they are there.
   *
   * @throws IllegalArgumentException what is wrong with them
   */
  public static Terms parse(Fields body) {
    return new Terms(
        Optional.empty(),
        body.has("trial") ? Optional.of(Trial.parse(body.object("trial"))) : Optional.empty(),
        body.has("window") ? Optional.of(Window.parse(body.object("window"))) : Optional.empty(),
        body.has("minimum_runtime")
            ? Optional.of(RuntimeVersion.parse(body.text("minimum_runtime")))
            : Optional.empty());
  }

  static Terms of(DeploymentDocument document, Optional<Long> rollout) {
    return new Terms(rollout, document.trial(), document.window(), document.minimumRuntime());
  }

  public Terms ofRollout(long id) {
    return new Terms(Optional.of(id), trial, window, minimumRuntime);
  }

  public Terms with(Optional<Trial> other) {
    return new Terms(rollout, other, window, minimumRuntime);
  }
}
