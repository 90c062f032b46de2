package io.selvedge.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;

/** A configuration directory with snapshots of it, without a framework. */
final class Bench {

  static final Clock NOON = Clock.fixed(Instant.parse("2026-11-28T12:00:00Z"), ZoneOffset.UTC);

  final Path conf;
  final Path data;
  final FakeEvents events = new FakeEvents();

  Bench(Path directory) throws IOException {
    conf = Files.createDirectories(directory.resolve("conf"));
    data = directory.resolve("data");
  }

  final Settling settling = new Settling(System::nanoTime);

  /** Whether File Install reads what was written, as far as Config Admin knows. */
  boolean fileInstallReads = true;

  String url(String file) {
    return new ConfigurationFiles(conf, new Durable()).url(file);
  }

  Changes open(Durable disk) throws IOException {
    return open(disk, 10, 1 << 20);
  }

  Changes open(Durable disk, int most, long mostBytes) throws IOException {
    ConfigurationFiles files = new ConfigurationFiles(conf, disk);
    SnapshotStore store =
        new SnapshotStore(
            data.resolve("snapshots"),
            disk,
            NOON,
            most,
            mostBytes,
            (file, why) ->
                events.report(
                    io.selvedge.api.event.Event.Severity.ERROR, "snapshots", "damaged", file));
    Changes.Present present =
        new Changes.Present() {
          @Override
          public String file(String pid) {
            return files.nameFor(pid, pid.contains("~") ? pid.replaceFirst("~.*", "") : null);
          }

          @Override
          public void settle(Collection<String> names) {
            if (fileInstallReads) {
              names.forEach(settling::settled);
            }
          }
        };
    return new Changes(
        new Changes.Parts(
            files,
            store,
            new Transaction(conf, data.resolve("journal.zip"), disk),
            new Secrets((pid, key) -> pid.equals("vault") && key.equals("combination")),
            settling,
            present,
            events));
  }

  String text(String file) throws IOException {
    return Files.readString(conf.resolve(file));
  }

  void put(String file, String text) throws IOException {
    Files.writeString(conf.resolve(file), text);
  }
}
