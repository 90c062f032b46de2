package io.selvedge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the kernel's own TCP, which lives through the break and then takes its time. */
class LongBreakTest {

  /** The kernel alone takes as long as it says; with looking after the network it is under 2 s. */
  private static final long MOST_MILLIS = 4500;

  /** In seconds. To measure: {@code -Dlong.breaks=3,7,12,3,7,12}. */
  private static final String BREAKS = System.getProperty("long.breaks", "7");

  /**
   * Two networks with a cable between them, the second with a broker in it; its neighbour is known
   * for good, so that what is sent there while it has no address vanishes instead of failing.
   */
  private static final String NETWORKS =
      """
      set -e
      PATH=$PATH:/usr/sbin:/sbin
      dir=$1; breaks=$2; shift 2
      ip link set lo up
      ip link add va type veth peer name vb
      unshare -n sleep 1200 & there=$!
      trap 'kill $there $broker' EXIT
      while ! ip link set vb netns $there 2>/dev/null || ip link show vb >/dev/null 2>&1; do
        sleep 0.1
      done
      nsenter -t $there -n sh -c 'ip link set lo up; ip link set vb address 02:00:00:00:00:02
        ip addr add 10.99.0.2/24 dev vb; ip link set vb up'
      ip addr add 10.99.0.1/24 dev va
      ip link set va up
      ip neigh replace 10.99.0.2 lladdr 02:00:00:00:00:02 nud permanent dev va
      printf 'listener 1883 10.99.0.2\\nallow_anonymous true\\nuser root\\nlog_dest none\\n' >$dir/m.conf
      nsenter -t $there -n mosquitto -c $dir/m.conf 2>/dev/null & broker=$!
      "$@" $dir $there 10.99.0.2 vb $breaks
      """;

  @TempDir Path directory = Path.of("."); // set before the test

  private String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    int code = process.waitFor();
    String output =
        new String(Files.readAllBytes(directory.resolve("output")), StandardCharsets.UTF_8);
    return code == 0 ? output : "ended with " + code + ": " + output;
  }

  private boolean canHaveNetworks() throws InterruptedException {
    try {
      return run(
              "unshare",
              "-rn",
              "sh",
              "-c",
              "PATH=$PATH:/usr/sbin:/sbin ip link add va type veth peer name vb")
          .isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void sendsSoonAfterABreakThatTheConnectionLivedThrough() throws Exception {
    assumeTrue(
        canHaveNetworks() && MosquittoBroker.program().isPresent(),
        "this machine does not let [unshare -rn] make networks, or lacks mosquitto (Debian: apt-get"
            + " install iproute2 util-linux mosquitto)");
    String output =
        run(
            "unshare",
            "-rn",
            "sh",
            "-c",
            NETWORKS,
            "sh",
            directory.toString(),
            BREAKS,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            LongBreak.class.getName());

    Matcher after = Pattern.compile("data after (\\d+) ms").matcher(output);
    List<Long> millis = after.results().map(one -> Long.valueOf(one.group(1))).toList();
    assertThat(millis).as(output).hasSize(BREAKS.split(",", -1).length);
    assertThat(millis).as(output).allSatisfy(one -> assertThat(one).isLessThan(MOST_MILLIS));
    assertThat(output).contains("a new connection is answered");
  }
}
