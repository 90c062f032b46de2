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
 * how far a trial had come, and {@code unproven}, in which the launcher counts starts. The three
 * that nobody has signed end with a {@link Sum}; of {@code current.json} there is a copy, {@code
 * current.copy.json}, for what is live must not depend on one place of the disk.
 */
final class StateFiles {

  private static final String ASK_HUB = "the hub's newest deployment is taken anew";

  private final Path current;
  private final Path copy;
  private final Path journal;
  private final Path pending;
  private final Path trial;
  private final Path unproven;
  private final Disk disk;
  private final Events events;

  StateFiles(Path directory, Disk disk, Events events) {
    this.current = directory.resolve("current.json");
    this.copy = directory.resolve("current.copy.json");
    this.journal = directory.resolve("journal.json");
    this.pending = directory.resolve("pending.json");
    this.trial = directory.resolve("trial.json");
    this.unproven = directory.resolve("unproven");
    this.disk = disk;
    this.events = events;
  }

  Current current() throws IOException {
    String remedy = Files.exists(copy) ? "its copy counts" : ASK_HUB;
    Optional<Current> own = read(current, bytes -> Current.parse(Sum.checked(bytes)), remedy);
    if (own.isPresent()) {
      return own.get();
    }
    Optional<Current> other = read(copy, bytes -> Current.parse(Sum.checked(bytes)), ASK_HUB);
    if (other.isPresent()) {
      write(other.get());
    }
    return other.orElse(Current.NONE);
  }

  /** The copy first: it is never behind what was acted on. */
  void write(Current now) throws IOException {
    byte[] bytes = Sum.added(now.toJson());
    disk.replace(copy, bytes);
    disk.replace(current, bytes);
  }

  Journal journal() throws IOException {
    return read(journal, bytes -> Journal.parse(Sum.checked(bytes)), ASK_HUB).orElse(Journal.NONE);
  }

  void write(Journal now) throws IOException {
    disk.replace(journal, Sum.added(now.toJson()));
  }

  void deleteJournal() throws IOException {
    disk.delete(journal);
  }

  Optional<byte[]> pending() throws IOException {
    return read(pending, Function.identity(), ASK_HUB);
  }

  void writePending(byte[] envelope) throws IOException {
    disk.replace(pending, envelope);
  }

  void deletePending() throws IOException {
    disk.delete(pending);
  }

  Optional<TrialProgress> trial() throws IOException {
    return read(trial, bytes -> TrialProgress.parse(Sum.checked(bytes)), "the trial begins anew");
  }

  void write(TrialProgress now) throws IOException {
    disk.replace(trial, Sum.added(now.toJson()));
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
        read(
            unproven,
            bytes -> Integer.valueOf(new String(bytes, UTF_8).strip().split(" ", 2)[0]),
            "starts are counted no more");
    return count.isPresent() ? OptionalInt.of(count.get()) : OptionalInt.empty();
  }

  /** What is live, or will be in a moment, has not been proved: the launcher counts from here. */
  void writeUnproven() throws IOException {
    disk.replace(unproven, "0\n".getBytes(UTF_8));
  }

  void deleteUnproven() throws IOException {
    disk.delete(unproven);
  }

  /** A file that the disk has damaged is put aside. */
  private <T> Optional<T> read(Path file, Function<byte[], T> parse, String remedy)
      throws IOException {
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
              + "], "
              + remedy
              + "; check the disk");
      return Optional.empty();
    }
  }
}
