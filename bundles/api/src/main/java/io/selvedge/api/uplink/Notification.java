package io.selvedge.api.uplink;

import io.selvedge.api.device.Value;
import java.util.Map;
import java.util.Objects;

/**
 * How something goes on that was requested and takes longer than its reply.
 *
 * @param type what goes on, one word: {@code deployment}
 * @param status how far it is; after {@link Status#isFinal a final one} nothing more comes
 * @param progress how much is done, percent: 0 to 100
 * @param message for people; where it failed, why
 * @param metrics named values beyond that
 */
public record Notification(
    String type, Status status, int progress, String message, Map<String, Value> metrics) {

  /** Status words as Kura and Kapua write them. */
  public enum Status {
    IN_PROGRESS,
    COMPLETED,
    FAILED,
    CANCELLED;

    /** Whether it is over. */
    public boolean isFinal() {
      return this != IN_PROGRESS;
    }
  }

  public Notification {
    if (type.isEmpty() || type.chars().anyMatch(c -> "/+#".indexOf(c) >= 0 || c < ' ')) {
      throw new IllegalArgumentException(
          "type [" + type + "] must not be empty and must not hold / + or #");
    }
    Objects.requireNonNull(status, "status must not be null");
    if (progress < 0 || progress > 100) {
      throw new IllegalArgumentException("progress [" + progress + "] must be 0 to 100 percent");
    }
    Objects.requireNonNull(message, "message must not be null; give an empty one");
    metrics = Map.copyOf(metrics);
  }

  /** It goes on. */
  public static Notification inProgress(String type, int progress, String message) {
    return new Notification(type, Status.IN_PROGRESS, progress, message, Map.of());
  }

  /** It is done. */
  public static Notification completed(String type, String message) {
    return new Notification(type, Status.COMPLETED, 100, message, Map.of());
  }

  /**
   * It could not be done.
   *
   * @param progress how much was done when it failed, percent
   */
  public static Notification failed(String type, int progress, String message) {
    return new Notification(type, Status.FAILED, progress, message, Map.of());
  }
}
