package io.selvedge.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Devices are set up in the shipped gateway by the forms of its drivers, as the console does it.
 */
class SetupIT {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String DEVICE = "api/drivers/io.selvedge.driver.textfile/devices/script";

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private Command selvedge;
  private String token = "";

  @BeforeEach
  void start() throws Exception {
    selvedge = Command.bare(directory);
    Command.Outcome started = selvedge.run("start");
    assertThat(started.code()).as(started.output()).isZero();
    token = selvedge.signIn();
  }

  @AfterEach
  void stop() throws Exception {
    selvedge.run("stop");
  }

  private HttpResponse<String> call(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(selvedge.address() + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    request.header("Authorization", "Bearer " + token);
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("waited for " + what).isLessThan(end);
      Thread.sleep(100);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(selvedge.instance().resolve("conf"))) {
      return all.filter(file -> file.getFileName().toString().contains("textfile")).toList();
    }
  }

  @Test
  void aDeviceIsSetUpChangedAndRemovedByItsForm() throws Exception {
    String drivers = call("GET", "api/drivers", "").body();
    for (String driver :
        List.of(
            "ads1115",
            "bh1750",
            "bme280",
            "ds18b20",
            "gpio",
            "hcsr04",
            "host",
            "hwmon",
            "ina219",
            "iio",
            "mcp23017",
            "mcp3008",
            "mcp9808",
            "modbus",
            "mpu6050",
            "nmea",
            "pca9685",
            "pcf8574",
            "replay",
            "scd4x",
            "sdm120",
            "sht3x",
            "simulated",
            "textfile",
            "tmp102")) {
      assertThat(drivers).contains("\"io.selvedge.driver." + driver + "\"");
    }
    assertThat(drivers).as("each setting is described").doesNotContain("\"description\":\"\"");

    Path value = directory.resolve("value");
    Files.writeString(value, "-10125\n");
    HttpResponse<String> made =
        call(
            "PUT",
            DEVICE,
            "{\"values\": {\"device.id\": \"script\", \"path\": \""
                + value
                + "\", \"unit\": \"Cel\", \"factor\": \"0.001\", \"interval.ms\": \"50\"}}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    await("its value", () -> call("GET", "api/devices/script", "").body().contains("-10.125"));
    await("its file", () -> files().size() == 1);
    assertThat(Files.readString(files().get(0))).contains("script", "0.001");

    assertThat(selvedge.run("stop").code()).isZero();
    assertThat(selvedge.run("start").code()).isZero();
    token = selvedge.signIn();
    await(
        "it after a start", () -> call("GET", "api/devices/script", "").body().contains("-10.12"));

    assertThat(
            call(
                    "PUT",
                    DEVICE,
                    "{\"values\": {\"device.id\": \"script\", \"path\": \"/x\","
                        + " \"interval.ms\": \"5\"}}")
                .body())
        .contains("setting.wrong", "at least 10");

    assertThat(call("DELETE", DEVICE, "").statusCode()).isEqualTo(204);
    await("no device", () -> call("GET", "api/devices/script", "").statusCode() == 404);
    await("no file", () -> files().isEmpty());
    assertThat(call("GET", "api/found", "").statusCode()).isEqualTo(200);
  }
}
