package io.selvedge.deployment;

import io.selvedge.api.deployment.Artifact;
import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import io.selvedge.protocol.deployment.Source;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Fetches again what the disk has lost or altered of a live artifact. Only where its handler did
 * not take it up and its files are not what the deployment says: then they are deleted and come
 * anew from the hub, as soon as there is a connection. Called on the deployment's thread.
 */
final class Repair {

  private final BlobStore blobs;
  private final BlobFetcher fetcher;
  private final Staging staging;
  private final Activation activation;
  private final Events events;

  /** Begun, and not to be announced again. */
  private final Set<Artifact> begun = new HashSet<>();

  /** Not to be had any more. */
  private final Set<Artifact> givenUp = new HashSet<>();

  Repair(
      BlobStore blobs, BlobFetcher fetcher, Staging staging, Activation activation, Events events) {
    this.blobs = blobs;
    this.fetcher = fetcher;
    this.staging = staging;
    this.activation = activation;
    this.events = events;
  }

  /**
   * Repairs what is broken.
   *
   * @return false where it has to be tried again later
   */
  boolean work() throws IOException, InterruptedException {
    boolean done = true;
    for (Artifact artifact : activation.broken()) {
      if (!givenUp.contains(artifact) && !staging.isIntact(artifact)) {
        done &= repair(artifact);
      }
    }
    return done;
  }

  private boolean repair(Artifact artifact) throws IOException, InterruptedException {
    if (begun.add(artifact)) {
      report(
          Event.Severity.WARNING,
          "deployment.repairing",
          artifact,
          "is damaged on the disk; it is fetched again. Check the disk");
    }
    try {
      staging.delete(artifact);
      blobs.doubt(artifact);
      for (Artifact.File file : artifact.files()) {
        fetcher.fetch(file, Source.PLAIN, () -> false);
      }
      if (!staging.stage(artifact)) {
        return false;
      }
      begun.remove(artifact);
      activation.mended(artifact);
      report(Event.Severity.INFO, "deployment.repaired", artifact, "is whole again");
      return true;
    } catch (TransferException e) {
      return false;
    } catch (Refusal e) {
      givenUp.add(artifact);
      report(
          Event.Severity.ERROR,
          e.code(),
          artifact,
          "cannot be fetched again: " + e.reason() + ". Deploy another version");
      return true;
    }
  }

  private void report(Event.Severity severity, String code, Artifact artifact, String what) {
    events.report(
        severity, "deployment", code, "live artifact [" + Activation.name(artifact) + "] " + what);
  }
}
