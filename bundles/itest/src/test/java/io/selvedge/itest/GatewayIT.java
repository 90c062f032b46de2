package io.selvedge.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.selvedge.api.device.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Runs inside the framework of the distribution. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class GatewayIT {

  private static final long PATIENCE_MILLIS = 15_000;

  @Inject BundleContext context;
  @Inject Devices devices;

  @Configuration
  public Option[] gateway() throws IOException {
    return Inside.gateway(Files.createTempDirectory("selvedge-itest"), Distribution.freePort());
  }

  @Test
  public void everyBundleIsActive() {
    List<String> others =
        Arrays.stream(context.getBundles())
            .filter(bundle -> bundle.getState() != Bundle.ACTIVE)
            .map(bundle -> bundle.getSymbolicName() + " " + bundle.getState())
            .toList();
    assertEquals(List.of(), others);
  }

  @Test
  public void configurationMakesADevice() throws Exception {
    Path csv = conf().resolve("../data/hall.csv");
    Files.writeString(csv, "time,t\n2026-01-01T00:00:00Z,20.5\n2026-01-01T00:00:01Z,21.5\n");
    assertTrue(devices.find("hall").isEmpty());
  }

  private Path conf() {
    return Path.of(context.getProperty("selvedge.conf"));
  }

  static void await(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!condition.call()) {
      assertTrue("not in time: " + what, System.nanoTime() < end);
      Thread.sleep(50); // nothing tells a test of a file that was read
    }
  }
}
