package io.selvedge.bench.outbox;

import io.selvedge.bench.Figures;
import io.selvedge.bench.Limit;
import io.selvedge.bench.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The rates of Kura's message store in its three forms, and what the outbox is beside them. */
final class AgainstKura {

  private static final int PAYLOAD = 100;
  private static final double TIMES = 10;

  private final Path work;
  private final Figures figures;
  private final int rounds;

  AgainstKura(Path work, Figures figures, int rounds) {
    this.work = work;
    this.figures = figures;
    this.rounds = rounds;
  }

  /**
   * A way to set it up.
   *
   * @param name as in the figures
   * @param onDisk in a file; else in memory
   * @param syncEach whether a message that was accepted is on disk
   * @param messages of one round
   */
  private record Form(String name, boolean onDisk, boolean syncEach, int messages) {}

  private static final List<Form> FORMS =
      List.of(
          new Form("at its defaults (in memory)", false, false, KuraStore.CAPACITY),
          new Form("tuned (in a file)", true, false, KuraStore.CAPACITY),
          new Form("made durable (in a file, synced)", true, true, 500));

  /** Stored and drained messages a second. */
  private record Round(double stored, double drained) {}

  void measure(double outbox) throws IOException, SQLException {
    for (Form form : FORMS) {
      figures.progress("Kura's message store " + form.name());
      List<Round> all = new ArrayList<>();
      round(form, 0); // warms up
      for (int i = 1; i <= rounds; i++) {
        all.add(round(form, i));
      }
      Sample stored = Sample.of(all, Round::stored);
      figures.tell("Kura's store " + form.name(), stored.median(), "messages/s", stored.spread());
      Sample drained = Sample.of(all, Round::drained);
      figures.tell(
          "Kura's store " + form.name() + ", taken out and settled",
          drained.median(),
          "messages/s",
          drained.spread());
      figures.require(
          "outbox / Kura's store " + form.name(),
          outbox / stored.median(),
          "times",
          Limit.atLeast(TIMES),
          form.syncEach() ? "both durable" : "the outbox's records are durable, Kura's are not");
    }
    figures.tell("Kura's capacity by default", KuraStore.CAPACITY, "messages", "store.capacity");
    figures.tell("Kura's rate limit by default", 1, "message/s", "rate.limit.average");
  }

  private Round round(Form form, int number) throws IOException, SQLException {
    Path directory = Files.createDirectories(work.resolve("kura"));
    String name = "kuradb" + number;
    String url = form.onDisk() ? "jdbc:h2:file:" + directory.resolve(name) : "jdbc:h2:mem:" + name;
    byte[] payload = new byte[PAYLOAD];
    try (KuraStore store = new KuraStore(url, form.messages(), form.syncEach())) {
      long begun = System.nanoTime();
      for (int i = 0; i < form.messages(); i++) {
        ThreadLocalRandom.current().nextBytes(payload);
        store.store("account/gateway/app/resource", payload.clone());
      }
      double stored = form.messages() / seconds(begun);
      long drainBegun = System.nanoTime();
      int drained = 0;
      while (drained < form.messages() / 5 && store.publishNext()) {
        drained++;
      }
      return new Round(stored, drained / seconds(drainBegun));
    } finally {
      Files.deleteIfExists(directory.resolve(name + ".mv.db"));
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
