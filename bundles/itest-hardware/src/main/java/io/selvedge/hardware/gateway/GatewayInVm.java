package io.selvedge.hardware.gateway;

import io.selvedge.hardware.host.Rest;
import io.selvedge.hardware.vm.Agent;
import io.selvedge.hardware.vm.Vm;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The gateway as it is shipped, run by its own script as an unprivileged user of the machine whose
 * groups are those that the shipped rules name.
 */
public final class GatewayInVm {

  /** Where its console listens in the machine. */
  public static final int PORT = 8080;

  private static final String INSTANCE = "/home/gateway/instance";

  private static final Duration READY = Duration.ofMinutes(12);
  private static final Duration EACH = Duration.ofSeconds(20);
  private static final long LOOK_MILLIS = 200;

  private final Agent agent;
  private final Rest rest;

  /**
   * One that is not started yet.
   *
   * @param port of this machine that leads to its console
   */
  public GatewayInVm(Agent agent, int port) {
    this.agent = agent;
    rest = new Rest(port);
  }

  /**
   * Makes its instance.
   *
   * @param broker the broker's port on the host
   * @param configurations text by file name
   */
  public void configure(int broker, Map<String, String> configurations) throws IOException {
    asUser("mkdir -p " + INSTANCE + "/conf/flows " + INSTANCE + "/deploy " + INSTANCE + "/data");
    agent.run("cp /product/gateway/config/logback.xml " + conf("logback.xml"));
    write("gateway.properties", "gateway.id=vm\nhttp.host=10.0.2.15\n");
    write("io.selvedge.mqtt.cfg", "broker = tcp://" + Vm.HOST + ":" + broker + "\n");
    for (Map.Entry<String, String> file : configurations.entrySet()) {
      write(file.getKey(), file.getValue());
    }
  }

  /** Writes a file of its configuration. */
  public void write(String file, String text) throws IOException {
    agent.write(conf(file), text);
  }

  /** Takes a file of its configuration away. */
  public void remove(String file) throws IOException {
    agent.run("rm -f " + conf(file));
  }

  private static String conf(String file) {
    return INSTANCE + "/conf/" + file;
  }

  /**
   * Starts it, waits until it is ready, and signs in. The machine is slower than any board, so that
   * the script's own patience may not be enough: then it is waited for here.
   */
  public void start(Consumer<String> progress) throws IOException, InterruptedException {
    Agent.Result result =
        agent.attempt(
            command(
                "JAVA_HOME=/usr/lib/jvm/default /product/gateway/bin/selvedge start --instance "
                    + INSTANCE));
    long until = System.nanoTime() + READY.toNanos();
    long next = System.nanoTime();
    while (result.code() != 0 && !isReady()) {
      if (System.nanoTime() > until
          || agent.attempt("kill -0 $(cat " + INSTANCE + "/run/pid)").code() != 0) {
        throw new IOException("gateway did not start: " + result.output() + "\n" + log(40));
      }
      if (System.nanoTime() > next) {
        progress.accept("gateway: still starts; " + log(1));
        next = System.nanoTime() + EACH.toNanos();
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    rest.signIn(agent.run("head -n 1 " + INSTANCE + "/data/auth/sign-in"));
  }

  private boolean isReady() throws InterruptedException {
    try {
      return rest.get("/health/ready").status() == 200;
    } catch (IOException e) {
      return false; // it does not listen yet
    }
  }

  /** Its process in the machine. */
  public String pid() throws IOException {
    return agent.run("cat " + INSTANCE + "/run/pid");
  }

  public Rest rest() {
    return rest;
  }

  public Agent agent() {
    return agent;
  }

  /** The end of its log. */
  public String log(int lines) throws IOException {
    return agent.attempt("tail -n " + lines + " " + INSTANCE + "/log/*.log").output();
  }

  /**
   * Drops a bundle into its deploy folder, as an operator would.
   *
   * @param jar in the machine
   */
  public void deploy(String jar, String name) throws IOException {
    asUser(
        "cp "
            + jar
            + " "
            + INSTANCE
            + "/run/deploy.part && mv "
            + INSTANCE
            + "/run/deploy.part "
            + INSTANCE
            + "/deploy/"
            + name);
  }

  private void asUser(String command) throws IOException {
    agent.run(command(command));
  }

  private static String command(String command) {
    return "su -s /bin/sh gateway -c '" + command + "'";
  }
}
