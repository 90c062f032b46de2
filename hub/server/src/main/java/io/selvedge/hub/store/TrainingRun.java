package io.selvedge.hub.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A training run.
 *
 * @param id rises
 * @param state how far it is
 * @param model the model's name
 * @param request the body it was asked for with, JSON
 * @param progress 0 to 1
 * @param progressText what it does, for people
 * @param code why it failed; empty where it did not
 * @param message the same for people
 * @param version what it made; empty where it has made nothing
 * @param dataset what it was trained on, JSON
 * @param report what came of it, JSON
 */
public record TrainingRun(
    long id,
    State state,
    String model,
    String request,
    Instant created,
    Optional<Instant> started,
    Optional<Instant> ended,
    double progress,
    String progressText,
    String code,
    String message,
    Optional<String> version,
    Optional<String> dataset,
    Optional<String> report) {

  /** Names are stable: they are stored. */
  public enum State {
    QUEUED,
    RUNNING,
    DONE,
    FAILED
  }
}
