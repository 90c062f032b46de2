package io.selvedge.hardware.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A machine of 64-bit ARM in QEMU, all in software. Its only network is the loopback of this one.
 * Closing it ends its process.
 */
public final class Vm implements AutoCloseable {

  /** Its name for this machine's loopback. */
  public static final String HOST = "10.0.2.2";

  private static final Duration BOOT = Duration.ofMinutes(6);
  private static final Duration STOP = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 20;

  private final Process process;
  private final Thread end;
  private final Path console;
  private final List<Agent> agents = new ArrayList<>();

  private Vm(Process process, Path console) {
    this.process = process;
    this.console = console;
    end = Processes.endWithUs(process);
  }

  /**
   * Options of a machine.
   *
   * @param processors how many it has
   * @param forward ports: from this machine's loopback to the machine's
   * @param serial port of this machine's loopback that is the other end of its serial line; 0: none
   */
  public record Options(int processors, int memoryMib, List<Forward> forward, int serial) {
    public Options {
      forward = List.copyOf(forward);
    }
  }

  /** A port of this machine's loopback that leads into the machine. */
  public record Forward(int from, int to) {}

  /**
   * Boots one and waits until its shell answers.
   *
   * @param work an empty directory
   */
  public static Vm start(Prepared prepared, Path initrd, Path product, Path work, Options options)
      throws IOException, InterruptedException {
    Path console = work.resolve("console.log");
    // Sockets have short names, however long that of the directory is.
    Path sockets = Files.createTempDirectory("selvedge-vm");
    List<String> command =
        new ArrayList<>(
            List.of(
                Tools.path("qemu-system-aarch64"),
                "-M",
                "virt",
                "-cpu",
                "cortex-a53",
                "-accel",
                "tcg,thread=multi",
                "-smp",
                Integer.toString(options.processors()),
                "-m",
                Integer.toString(options.memoryMib()),
                "-display",
                "none",
                "-monitor",
                "none",
                "-serial",
                "file:" + console,
                "-no-reboot",
                "-rtc",
                "base=utc",
                "-kernel",
                prepared.kernel().toString(),
                "-initrd",
                initrd.toString(),
                "-append",
                "console=ttyAMA0 quiet panic=-1 mitigations=off kpti=0"));
    disk(command, prepared.base(), "base");
    disk(command, product, "product");
    StringBuilder net = new StringBuilder("user,id=net,ipv6=off");
    for (Forward forward : options.forward()) {
      net.append(",hostfwd=tcp:127.0.0.1:").append(forward.from());
      net.append("-10.0.2.15:").append(forward.to());
    }
    command.addAll(
        List.of("-netdev", net.toString(), "-device", "virtio-net-pci,netdev=net,romfile="));
    command.addAll(List.of("-device", "virtio-serial-pci"));
    for (int i = 0; i < 2; i++) {
      command.addAll(
          List.of(
              "-chardev",
              "socket,id=agent" + i + ",server=on,wait=off,path=" + sockets.resolve("a" + i),
              "-device",
              "virtserialport,chardev=agent" + i + ",name=agent-" + i));
    }
    if (options.serial() != 0) {
      command.addAll(
          List.of(
              "-chardev",
              "socket,id=line,host=127.0.0.1,port=" + options.serial() + ",server=on,wait=off",
              "-device",
              "pci-serial,chardev=line"));
    }
    Vm vm = new Vm(Processes.start(command, work.resolve("qemu.log")), console);
    try {
      for (int i = 0; i < 2; i++) {
        vm.agents.add(vm.connect(sockets.resolve("a" + i), work));
      }
      vm.awaitShell();
      return vm;
    } catch (IOException | InterruptedException e) {
      vm.close();
      throw e;
    } finally {
      for (int i = 0; i < 2; i++) {
        Files.deleteIfExists(sockets.resolve("a" + i));
      }
      Files.deleteIfExists(sockets);
    }
  }

  private static void disk(List<String> command, Path image, String serial) {
    command.addAll(
        List.of(
            "-drive",
            "if=none,format=raw,readonly=on,id=" + serial + ",file=" + image,
            "-device",
            "virtio-blk-pci,drive=" + serial + ",serial=" + serial));
  }

  private Agent connect(Path socket, Path work) throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try {
        return Agent.connect(socket);
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > until) {
          throw new IOException(
              "QEMU did not start: " + Files.readString(work.resolve("qemu.log")), e);
        }
        Thread.sleep(LOOK_MILLIS);
      }
    }
  }

  private void awaitShell() throws IOException, InterruptedException {
    FutureTask<String> answer = new FutureTask<>(() -> agent(0).run("echo up") + agent(1).run(":"));
    Thread asks = new Thread(answer, "hardware-boot");
    asks.setDaemon(true);
    asks.start();
    try {
      answer.get(BOOT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("machine did not boot; its console ended with: " + console(), e);
    }
  }

  /** A shell in it; there are two, 0 and 1. */
  public Agent agent(int which) {
    return agents.get(which);
  }

  /** What its kernel said, the end of it. */
  public String console() {
    try {
      String all = Files.readString(console, StandardCharsets.ISO_8859_1).replace("\r", "");
      return all.substring(Math.max(0, all.length() - 4000)).strip();
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() {
    for (Agent agent : agents) {
      try {
        agent.close();
      } catch (IOException e) {
        // it goes with the process
      }
    }
    Processes.end(process, end, STOP);
  }
}
