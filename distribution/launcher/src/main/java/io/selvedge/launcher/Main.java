package io.selvedge.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/** What {@code bin/selvedge} runs: one command on one instance. */
public final class Main {

  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  private final Arguments arguments;
  private final Programs programs;
  private final Instance instance;
  private final PrintStream out;

  private Main(Arguments arguments, PrintStream out) {
    this.arguments = arguments;
    this.programs = new Programs(arguments.home());
    this.instance = new Instance(arguments.instance());
    this.out = out;
  }

  /**
   * Runs a command and ends the process: 0 done, 1 it could not be done, 2 an option or a setting
   * is wrong, 3 no gateway runs on the instance.
   */
  public static void main(String[] args) {
    int exitCode = 0;
    try {
      new Main(Arguments.parse(args), System.out).execute();
    } catch (Problem problem) {
      System.err.println("selvedge: " + problem.getMessage());
      exitCode = problem.exitCode();
    } catch (InterruptedException e) {
      exitCode = Problem.FAILED;
    }
    System.exit(exitCode);
  }

  private void execute() throws Problem, InterruptedException {
    switch (arguments.command()) {
      case "run" -> run();
      case "await" -> await();
      case "stop" -> out.println(new Control(instance).stop());
      case "status" -> out.println(new Control(instance).status());
      case "doctor" -> doctor();
      case "sign-in" -> signIn();
      case "enrol" -> enrol();
      default ->
          throw Problem.badInput(
              "command [" + arguments.command() + "] is not known; see selvedge --help");
    }
  }

  private void run() throws Problem, InterruptedException {
    long begin = System.nanoTime();
    boolean fresh = instance.create(programs, Settings.idOf(hostName()));
    FileChannel lock = instance.lock(); // until the process ends, however it ends
    try {
      Settings settings = settings();
      Ports.requireFree(settings.host(), settings.port());
      out.printf(
          "selvedge %s: gateway [%s], %sinstance [%s]%n",
          programs.version(), settings.gatewayId(), fresh ? "new " : "", instance.directory());
      instance.prepare(programs);
      Unproven unproven = new Unproven(instance.data(), instance.conf());
      unproven.count();
      Gateway gateway = new Gateway(programs, instance, settings);
      Thread end = new Thread(() -> end(gateway, unproven), "selvedge-end");
      Runtime.getRuntime().addShutdownHook(end);
      gateway.start();
      // whole at once: whoever waits for it reads it as soon as it is there
      Path whole = instance.addressFile().resolveSibling("address.new");
      Files.writeString(whole, settings.address() + "\n");
      Files.move(whole, instance.addressFile(), StandardCopyOption.ATOMIC_MOVE);
      sayWhenReady(settings, begin);
      gateway.await();
    } catch (IOException e) {
      throw Problem.failed("instance [" + instance.directory() + "] cannot be written: " + e);
    } finally {
      Reference.reachabilityFence(lock);
    }
  }

  /**
   * A part that is not ready is no reason to stop the others: it is said, and the gateway goes on.
   */
  private void sayWhenReady(Settings settings, long begin) throws InterruptedException {
    try {
      new Control(instance).awaitReady(settings.address(), READY_WITHIN);
      out.printf(
          "selvedge: ready after %.1f s at %s%n",
          (System.nanoTime() - begin) / 1e9, settings.address());
    } catch (Problem notReady) {
      System.err.println("selvedge: " + notReady.getMessage());
    }
  }

  private void end(Gateway gateway, Unproven unproven) {
    boolean asked = Asked.bySignal();
    System.setProperty(Asked.PROPERTY, Boolean.toString(asked));
    try {
      try {
        gateway.stop();
      } finally {
        if (asked) {
          unproven.takeBack();
        }
      }
      Files.deleteIfExists(instance.addressFile());
    } catch (Problem | IOException e) {
      System.err.println("selvedge: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Settings settings() throws Problem {
    Settings settings = Settings.read(instance.settings(), Settings.idOf(hostName()));
    return arguments.port().isPresent() ? settings.withPort(arguments.port().getAsInt()) : settings;
  }

  private void await() throws Problem, InterruptedException {
    String pid = System.getenv().getOrDefault("SELVEDGE_PID", "");
    if (!pid.matches("[0-9]{1,18}")) {
      throw Problem.badInput("SELVEDGE_PID [" + pid + "] must be the gateway's process id");
    }
    out.println(new Control(instance).awaitReady(Long.parseLong(pid), READY_WITHIN));
  }

  private void signIn() throws Problem {
    String code = new Control(instance).signInCode();
    out.println(code);
    System.err.println("open " + new Control(instance).address() + "sign-in?code=" + code);
  }

  /** Reads the hub's answer from the standard input. */
  private void enrol() throws Problem {
    String answer;
    try {
      byte[] bytes = System.in.readNBytes(Enrolment.MOST_BYTES);
      answer = new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw Problem.failed("the standard input cannot be read: " + e);
    }
    Enrolment enrolment = Enrolment.parse(answer);
    instance.create(programs, enrolment.id());
    enrolment.write(instance);
    out.printf(
        "gateway [%s] goes to the hub at [%s] and takes deployments that are signed with key [%s];"
            + " compare it with the hub's: GET /api/v1/keys%n",
        enrolment.id(), enrolment.broker(), enrolment.keyId());
  }

  private void doctor() throws Problem {
    List<Doctor.Finding> findings = new Doctor(programs, instance, arguments.port()).examine();
    findings.forEach(finding -> out.println(finding.line()));
    if (findings.stream().anyMatch(Doctor.Finding::isBad)) {
      throw Problem.failed("mend what is marked [bad]; each line says how");
    }
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.UTF_8).strip();
    } catch (IOException notLinux) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "gateway";
      }
    }
  }
}
