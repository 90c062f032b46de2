package io.selvedge.remote.deploy;

import io.selvedge.api.device.Value;
import io.selvedge.api.uplink.Notification;
import io.selvedge.api.uplink.Notification.Status;
import io.selvedge.api.uplink.Notifier;
import java.util.Map;
import java.util.TreeMap;

/** Tells the requester how its job goes, by Kura's names beside the neutral ones. */
final class Told {

  private final String gateway;
  private final Job job;
  private final Notifier notifier;

  Told(String gateway, Job job, Notifier notifier) {
    this.gateway = gateway;
    this.job = job;
    this.notifier = notifier;
  }

  Job job() {
    return job;
  }

  /**
   * Of a download.
   *
   * @param word Kura's, where it differs from the neutral one: {@code ALREADY DONE}
   * @param size bytes in all; 0 where it is not known
   */
  void download(Status status, String word, long size, int percent, String error) {
    Map<String, Value> metrics = metrics("dp.download", word, percent, error);
    metrics.put("dp.download.size", Value.of(size));
    metrics.put("dp.download.index", Value.of(0L));
    send("download", status, percent, error, metrics);
  }

  /** Of an install or uninstall. */
  void switching(String type, Status status, int percent, String error) {
    Map<String, Value> metrics = metrics("dp." + type, status.name(), percent, error);
    metrics.put("dp.name", Value.of(type.equals("install") ? job.file() : job.name()));
    send(type, status, percent, error, metrics);
  }

  private Map<String, Value> metrics(String prefix, String word, int percent, String error) {
    Map<String, Value> metrics = new TreeMap<>();
    metrics.put("client.id", Value.of(gateway));
    metrics.put("job.id", Value.of(job.id()));
    metrics.put(prefix + ".progress", Value.of((long) percent));
    metrics.put(prefix + ".status", Value.of(word));
    if (!error.isEmpty()) {
      metrics.put(prefix + ".error.message", Value.of(error));
    }
    return metrics;
  }

  private void send(
      String type, Status status, int percent, String error, Map<String, Value> metrics) {
    notifier.send(new Notification(type, status, percent, error, metrics));
  }
}
