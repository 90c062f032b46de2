package io.selvedge.flow.run;

import io.selvedge.flow.definition.Upload;
import java.util.List;
import java.util.OptionalDouble;

/** Sends rows of a flow's inputs to the hub, as its policy says. One thread. */
interface MeasurementUpload {

  /**
   * Called once for each row, after its decision.
   *
   * @param brought the inputs in this row; may be empty
   * @param time the row's time, milliseconds
   * @param confidence the model's highest output; empty where it did not decide
   */
  void row(List<Inputs.Brought> brought, long time, OptionalDouble confidence);

  /** Sends what has been gathered. */
  default void close() {}

  static MeasurementUpload of(Upload upload, DataMessages messages) {
    Upload.Measurements policy = upload.measurements();
    if (policy instanceof Upload.Measurements.All) {
      return (brought, time, confidence) -> messages.send(brought, time);
    }
    if (policy instanceof Upload.Measurements.Change change) {
      return new ChangeUpload(change, messages);
    }
    if (policy instanceof Upload.Measurements.Aggregate aggregate) {
      return new AggregateUpload(aggregate.every(), messages);
    }
    if (policy instanceof Upload.Measurements.Hard hard) {
      return (brought, time, confidence) -> {
        if (confidence.isPresent() && confidence.getAsDouble() < hard.confidence()) {
          messages.send(brought, time);
        }
      };
    }
    return (brought, time, confidence) -> {};
  }
}
