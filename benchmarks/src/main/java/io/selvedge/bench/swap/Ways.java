package io.selvedge.bench.swap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The ways on which the bundles of all drivers are replaced, each to its end: the devices that were
 * up are up again.
 */
record Ways(SwapGateway gateway, SwapHub hub, List<DriverJar> drivers, Path work) {

  private static final String UPDATES = "updates";
  private static final String STARTS = "starts";

  void byFile(int round, Set<String> up) throws IOException, InterruptedException {
    long before = (long) gateway.sum(UPDATES);
    gateway.replaceFiles(round);
    gateway.await(UPDATES, before + drivers.size(), up);
  }

  void byConsole(int round, Set<String> up) throws IOException, InterruptedException {
    long before = (long) gateway.sum(UPDATES);
    gateway.upload(work, round);
    gateway.await(UPDATES, before + drivers.size(), up);
  }

  /** A deployed bundle is a new one, which starts beside the one before. */
  void byMqtt(int round, Set<String> up) throws IOException, InterruptedException {
    long before = (long) gateway.sum(STARTS);
    hub.deploy(drivers, round);
    gateway.await(STARTS, before + drivers.size(), up);
  }

  /** A bundle that needs another is checked before that one is there: it comes after it. */
  void fromFilesToMqtt(int round, Set<String> up) throws IOException, InterruptedException {
    gateway.removeFiles();
    long before = (long) gateway.sum(STARTS);
    hub.deploy(drivers.stream().filter(driver -> !driver.needsOther()).toList(), round);
    hub.deploy(drivers, round + 1);
    gateway.await(STARTS, before + drivers.size(), up);
  }

  /** What is deployed is no file's to replace. */
  void fromMqttToFiles(int round, Set<String> up) throws IOException, InterruptedException {
    hub.remove(drivers);
    gateway.awaitNone();
    long before = (long) gateway.sum(STARTS);
    gateway.replaceFiles(round);
    gateway.await(STARTS, before + drivers.size(), up);
  }
}
