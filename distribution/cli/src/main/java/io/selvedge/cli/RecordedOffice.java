package io.selvedge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * The recorded office room of the UCI Occupancy Detection data set (Candanedo 2016, DOI
 * 10.24432/C5X01N): the hub trains on {@code datatraining.txt}, the gateway is judged on {@code
 * datatest.txt}, other days of the same room. The recorded room has no fan; the fan of the
 * simulated one stands in.
 */
final class RecordedOffice implements Scenario {

  private static final String TRAINING = "datatraining.txt";
  private static final String TEST = "datatest.txt";
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  /**
   * A recording.
   *
   * @param file its file
   * @param rows its rows
   * @param from time of its first row
   * @param to a second after its last row
   */
  private record Recording(Path file, long rows, Instant from, Instant to) {

    static Recording read(Path file) throws IOException {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() < 2) {
        throw new UsageException(
            "recording ["
                + file
                + "] has ["
                + lines.size()
                + "] lines; it needs a header and rows");
      }
      return new Recording(
          file,
          lines.size() - 1,
          time(lines.get(1)),
          time(lines.get(lines.size() - 1)).plusSeconds(1));
    }

    private static Instant time(String line) {
      // "1","2015-02-04 17:51:00",23.18,…: a row number that has no header, then the time
      return LocalDateTime.parse(line.split(",", 3)[1].replace("\"", ""), TIME)
          .toInstant(ZoneOffset.UTC);
    }
  }

  private final Recording training;
  private final Recording test;

  private RecordedOffice(Recording training, Recording test) {
    this.training = training;
    this.test = test;
  }

  static RecordedOffice in(Path directory) throws IOException {
    for (String name : List.of(TRAINING, TEST)) {
      if (!Files.isReadable(directory.resolve(name))) {
        throw new UsageException(
            "recording ["
                + directory.resolve(name)
                + "] is not there; give the directory that holds "
                + TRAINING
                + " and "
                + TEST
                + " of the UCI Occupancy Detection data set");
      }
    }
    Path real = directory.toRealPath();
    return new RecordedOffice(
        Recording.read(real.resolve(TRAINING)), Recording.read(real.resolve(TEST)));
  }

  @Override
  public String title() {
    return "the recorded office room, " + training.rows() + " minutes to learn from";
  }

  @Override
  public void configure(Path conf) throws IOException {
    Files.writeString(
        conf.resolve("io.selvedge.driver.simulated-room.cfg"), "device.id=room\nspeed=1\n");
    Path flow = conf.resolve("flows/office.flow.yaml");
    Files.writeString(flow, Files.readString(flow).replace("office/fan", "room/fan"));
  }

  @Override
  public void begin(Path conf) throws IOException {
    replay(conf, training.file());
  }

  @Override
  public void judge(Path conf, Instant liveAt) throws IOException {
    replay(conf, test.file());
  }

  private static void replay(Path conf, Path file) throws IOException {
    Files.writeString(
        conf.resolve("io.selvedge.driver.replay-office.cfg"),
        String.join(
            "\n",
            "device.id=office",
            "file=" + file,
            "time.column=date",
            "time.format=yyyy-MM-dd HH:mm:ss",
            "columns=Temperature=temperature:Cel:decimal,Humidity=humidity:%:decimal,"
                + "Occupancy=occupancy::flag",
            "speed=0",
            "rows.per.read=100",
            "interval.ms=100",
            ""));
  }

  @Override
  public void pause(Path conf) {
    // A recording ends by itself.
  }

  @Override
  public void resume(Path conf) {
    // A recording ends by itself.
  }

  @Override
  public long trainingRows() {
    return training.rows();
  }

  @Override
  public Instant trainingFrom() {
    return training.from();
  }

  @Override
  public Instant trainingTo() {
    return training.to();
  }

  @Override
  public long judgedRows() {
    return test.rows();
  }

  @Override
  public Instant judgedFrom() {
    return test.from();
  }

  @Override
  public Instant judgedTo() {
    return test.to();
  }

  @Override
  public String fanDevice() {
    return "room";
  }

  @Override
  public double leastBalancedAccuracy() {
    return 0.90;
  }
}
