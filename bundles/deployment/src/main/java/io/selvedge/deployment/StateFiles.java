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

  /**
   * What is live. The copy counts where the file is damaged, absent or cannot be read; it is
   * brought level at each start, for a version before this one did not write it.
   *
   * @throws IOException it cannot be read, and there is no sound copy
   */
  Current current() throws IOException {
    boolean absent = Files.notExists(current);
    Optional<Current> own;
    try {
      own = read(current, StateFiles::live, Files.exists(copy) ? "its copy counts" : ASK_HUB);
    } catch (IOException e) {
      return copyFor(e);
    }
    if (own.isPresent()) {
      bringLevel(own.get());
      return own.get();
    }
    Optional<Current> other = read(copy, StateFiles::live, ASK_HUB);
    if (other.isPresent()) {
      if (absent) {
        events.report(
            Event.Severity.WARNING,
            "deployment",
            "deployment.state_missing",
            "file ["
                + current
                + "] is not there, its copy ["
                + copy.getFileName()
                + "] counts; whoever wants to begin anew deletes both");
      }
      writeOrReport(other.get());
    }
    return other.orElse(Current.NONE);
  }

  private static Current live(byte[] bytes) {
    return Current.parse(Sum.checked(bytes));
  }

  /** The file stays as it is: perhaps it is read at the next start (too many files were open). */
  private Current copyFor(IOException unreadable) throws IOException {
    Optional<Current> other = Optional.empty();
    try {
      other = read(copy, StateFiles::live, "it is written anew as soon as the other is read");
    } catch (IOException e) {
      unreadable.addSuppressed(e);
    }
    if (other.isEmpty()) {
      throw new IOException(
          "file ["
              + current
              + "] cannot be read, and there is no sound copy of it; check the disk and start"
              + " again, or delete both to begin anew: "
              + unreadable,
          unreadable);
    }
    reportUnreadable(current, unreadable, "its copy counts");
    return other.get();
  }

  private void bringLevel(Current own) {
    boolean level = false;
    try {
      level = Files.exists(copy) && Files.mismatch(current, copy) < 0;
    } catch (IOException e) {
      reportUnreadable(copy, e, "it is written anew");
    }
    if (!level) {
      writeOrReport(own);
    }
  }

  /** What is known is not lost because the disk takes nothing at the moment. */
  private void writeOrReport(Current known) {
    try {
      write(known);
    } catch (IOException e) {
      events.report(
          Event.Severity.ERROR,
          "deployment",
          "deployment.disk_failed",
          "file ["
              + current
              + "] and its copy cannot be brought level: "
              + e
              + "; what is live goes on; check the disk");
    }
  }

  /** The copy first: it is never behind what was acted on. */
  void write(Current now) throws IOException {
    byte[] bytes = Sum.added(now.toJson());
    disk.replace(copy, bytes);
    disk.replace(current, bytes);
  }

  /**
   * What else may be active.
   *
   * @throws IOException it cannot be read
   */
  Journal journal() throws IOException {
    try {
      return read(journal, bytes -> Journal.parse(Sum.checked(bytes)), ASK_HUB)
          .orElse(Journal.NONE);
    } catch (IOException e) {
      // Not as though there were none: what a switch that was cut short has left active may stand
      // here only (pending.json goes before it). It would run on beside what is live, and the next
      // switch would write over its name. As long as nothing is begun, a disk that gives the file
      // at the next start has lost nothing.
      throw new IOException(
          "file ["
              + journal
              + "] cannot be read, and what else is active than what is live stands there only;"
              + " check the disk and start again; where it stays so, delete it and look for"
              + " bundles that are in no deployment: "
              + e,
          e);
    }
  }

  void write(Journal now) throws IOException {
    disk.replace(journal, Sum.added(now.toJson()));
  }

  void deleteJournal() throws IOException {
    disk.delete(journal);
  }

  Optional<byte[]> pending() {
    return readWhereItCan(pending, Function.identity(), ASK_HUB);
  }

  void writePending(byte[] envelope) throws IOException {
    disk.replace(pending, envelope);
  }

  void deletePending() throws IOException {
    disk.delete(pending);
  }

  Optional<TrialProgress> trial() {
    return readWhereItCan(
        trial, bytes -> TrialProgress.parse(Sum.checked(bytes)), "the trial begins anew");
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
  OptionalInt unprovenStarts() {
    Optional<Integer> count =
        readWhereItCan(
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

  /** One that cannot be read is as good as none; it stays as it is. */
  private <T> Optional<T> readWhereItCan(Path file, Function<byte[], T> parse, String remedy) {
    try {
      return read(file, parse, remedy);
    } catch (IOException e) {
      reportUnreadable(file, e, remedy);
      return Optional.empty();
    }
  }

  /**
   * A file that the disk has damaged is put aside.
   *
   * @throws IOException it cannot be read, which says nothing about what it holds
   */
  private <T> Optional<T> read(Path file, Function<byte[], T> parse, String remedy)
      throws IOException {
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(file);
    try {
      return Optional.of(parse.apply(bytes));
    } catch (IllegalArgumentException e) {
      String text = "is damaged: " + e.getMessage() + "; " + putAside(file);
      reportDamaged(file, text, remedy);
      return Optional.empty();
    }
  }

  private String putAside(Path file) {
    Path aside = file.resolveSibling(file.getFileName() + ".damaged");
    try {
      disk.rename(file, aside);
      return "it was put aside as [" + aside.getFileName() + "]";
    } catch (IOException e) {
      return "it could not be put aside (" + e + ")";
    }
  }

  private void reportUnreadable(Path file, IOException e, String remedy) {
    reportDamaged(file, "cannot be read: " + e, remedy);
  }

  private void reportDamaged(Path file, String how, String remedy) {
    events.report(
        Event.Severity.ERROR,
        "deployment",
        "deployment.state_damaged",
        "file [" + file + "] " + how + ", " + remedy + "; check the disk");
  }
}
