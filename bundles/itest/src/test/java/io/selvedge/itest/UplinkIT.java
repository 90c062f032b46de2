package io.selvedge.itest;

import static org.assertj.core.api.Assertions.assertThat;

import io.selvedge.protocol.kura.KuraPayload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway as a process, and a broker in this one. */
class UplinkIT {

  @TempDir Path directory;
  private Station station;

  @BeforeEach
  void brokerAndGateway() throws Exception {
    station = new Station(directory);
    Files.createDirectories(station.conf.resolve("flows"));
    Files.copy(
        Distribution.home().resolve("config/flows/office.flow.yaml"),
        station.conf.resolve("flows/office.flow.yaml"));
    Files.writeString(
        station.conf.resolve("io.selvedge.driver.simulated-office.cfg"),
        "device.id=office\ninterval.ms=200\n");
  }

  @AfterEach
  void end() throws Exception {
    station.end();
  }

  @Test
  void aMeasurementReachesTheBroker() throws Exception {
    Command.Outcome start = station.selvedge.run("start");
    assertThat(start.output()).contains("ready at");
    assertThat(station.next("$EDC/selvedge/itest-1/MQTT/BIRTH").text("os_arch")).isPresent();

    KuraPayload row = station.next("selvedge/itest-1/DATA-V1/office");
    assertThat(row.metrics()).containsKeys("temperature", "humidity", "outbox.id");
    assertThat(row.whole("record.id")).isPresent();
    assertThat(Duration.between(row.timestamp().orElseThrow(), Instant.now()).abs())
        .as("it is of this start, however long that took")
        .isLessThan(Duration.ofMinutes(10));

    KuraPayload decision = station.next("selvedge/itest-1/DECISION-V1/office");
    assertThat(new String(decision.body(), StandardCharsets.UTF_8))
        .contains("\"flow\":\"office\"", "\"empty\"");
    assertThat(station.selvedge.log()).doesNotContain("secret-of-1");
  }

  @Test
  void aConfigurationIsReadChangedAndRolledBackFromAfar() throws Exception {
    assertThat(station.selvedge.run("start").code()).isZero();
    station.next("$EDC/selvedge/itest-1/MQTT/BIRTH");
    String pid = "io.selvedge.driver.simulated~office";
    String before = station.ask("CONF-V1/GET/configurations/" + pid, "");
    assertThat(before)
        .contains("name=\"interval.ms\" type=\"Integer\"><esf:value>200</esf:value>", "<ocd:OCD");
    assertThat(station.ask("CONF-V1/GET/configurations", ""))
        .contains("pid=\"io.selvedge.mqtt\"", "itest-1")
        .doesNotContain("secret-of-1");

    station.ask("CONF-V1/PUT/configurations", before.replace(">200<", ">350<"));
    Path file = station.conf.resolve("io.selvedge.driver.simulated-office.cfg");
    assertThat(file).content().contains("device.id=office", "interval.ms = 350");
    awaitValue(pid, "350");

    station.ask("CONF-V1/EXEC/rollback", "");
    assertThat(file).content().contains("interval.ms=200");
    awaitValue(pid, "200");
    assertThat(station.ask("CONF-V1/GET/snapshots", "").split("<esf:snapshotIds>"))
        .hasSizeGreaterThan(3);
    assertThat(station.ask("DEPLOY-V2/GET/bundles", ""))
        .contains("<name>io.selvedge.remote</name>", "<state>ACTIVE</state>");
  }

  /**
   * The file is changed at once; where that is not read in a few seconds, the reply comes first.
   */
  private void awaitValue(String pid, String interval) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    String now = station.ask("CONF-V1/GET/configurations/" + pid, "");
    while (!now.contains(">" + interval + "<")) {
      assertThat(System.nanoTime()).as("[" + interval + "] in time: " + now).isLessThan(end);
      Thread.sleep(100); // another process: nothing else tells
      now = station.ask("CONF-V1/GET/configurations/" + pid, "");
    }
  }
}
