package io.selvedge.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.selvedge.api.event.Event;
import io.selvedge.api.event.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The files that a restart goes by, each replaced whole: {@code current.json}, {@code
 * journal.json}, {@code pending.json}, the envelope that is being worked on, {@code trial.json},
 * how far a trial had come, and {@code unproven}, in which the launcher counts starts.
 */
final class StateFiles {

  private final Path current;
  private final Path journal;
  private final Path pending;
  private final Path trial;
  private final Path unproven;
  private final Disk disk;
  private final Events events;

  StateFiles(Path directory, Disk disk, Events events) {
    this.current = directory.resolve("current.json");
    this.journal = directory.resolve("journal.json");
    this.pending = directory.resolve("pending.json");
    this.trial = directory.resolve("trial.json");
    this.unproven = directory.resolve("unproven");
    this.disk = disk;
    this.events = events;
  }

  Current current() throws IOException {
    return read(current, Current::parse).orElse(Current.NONE);
  }

  void write(Current now) throws IOException {
    disk.replace(current, now.toJson());
  }

  Journal journal() throws IOException {
    return read(journal, Journal::parse).orElse(Journal.NONE);
  }

  void write(Journal now) throws IOException {
    disk.replace(journal, now.toJson());
  }

  void deleteJournal() throws IOException {
    disk.delete(journal);
  }

  Optional<byte[]> pending() throws IOException {
    return read(pending, Function.identity());
  }

  void writePending(byte[] envelope) throws IOException {
    disk.replace(pending, envelope);
  }

  void deletePending() throws IOException {
    disk.delete(pending);
  }

  Optional<TrialProgress> trial() throws IOException {
    return read(trial, TrialProgress::parse);
  }

  void write(TrialProgress now) throws IOException {
    disk.replace(trial, now.toJson());
  }

  void deleteTrial() throws IOException {
    disk.delete(trial);
  }

  /**
   * How often the gateway was started while what is live was not proved; empty where it is. The
   * first number of the file; the second is the launcher's own.
   */
  OptionalInt unprovenStarts() throws IOException {
    Optional<Integer> count =
        read(unproven, bytes -> Integer.valueOf(new String(bytes, UTF_8).strip().split(" ", 2)[0]));
    return count.isPresent() ? OptionalInt.of(count.get()) : OptionalInt.empty();
  }

  /** What is live, or will be in a moment, has not been proved: the launcher counts from here. */
  void writeUnproven() throws IOException {
    disk.replace(unproven, "0\n".getBytes(UTF_8));
  }

  void deleteUnproven() throws IOException {
    disk.delete(unproven);
  }

  /** A file that the disk has damaged is put aside: the hub's newest deployment makes it good. */
  private <T> Optional<T> read(Path file, Function<byte[], T> parse) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse.apply(Files.readAllBytes(file)));
    } catch (IllegalArgumentException e) {
      Path aside = file.resolveSibling(file.getFileName() + ".damaged");
      disk.rename(file, aside);
      events.report(
          Event.Severity.ERROR,
          "deployment",
          "deployment.state_damaged",
          "file ["
              + file
              + "] is damaged: "
              + e.getMessage()
              + "; it was put aside as ["
              + aside.getFileName()
              + "], the hub's newest deployment is taken anew; check the disk");
      return Optional.empty();
    }
  }
}
