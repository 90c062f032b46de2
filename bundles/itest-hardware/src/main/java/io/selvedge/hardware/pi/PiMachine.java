package io.selvedge.hardware.pi;

import io.selvedge.hardware.vm.Prepared;
import io.selvedge.hardware.vm.Processes;
import io.selvedge.hardware.vm.Tools;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Raspberry Pi 3B in QEMU with a TMP105 on the I2C bus of its header. All of its system is in
 * memory, for QEMU's has no disk that starts as fast. Closing it ends its process.
 */
final class PiMachine implements AutoCloseable {

  private static final Duration STOP = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 100;
  private static final int LOOKS = 100;

  private final Process process;
  private final Thread end;
  private final Path sockets;
  private final Path monitor;
  private final Path log;

  private PiMachine(Process process, Path sockets, Path log) {
    this.process = process;
    this.sockets = sockets;
    this.monitor = monitor(sockets);
    this.log = log;
    end = Processes.endWithUs(process);
  }

  /**
   * The first root: Debian's Java and udev, the gateway as it is shipped, its configuration.
   *
   * @param files configuration by name
   * @param bundle for its {@code deploy/}
   */
  static Path initrd(
      Prepared prepared, Path source, Path work, Map<String, String> files, byte[] bundle)
      throws IOException, InterruptedException {
    Path setup = work.resolve("setup");
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = setup.resolve("conf").resolve(file.getKey());
      Files.createDirectories(setup.resolve("conf/flows"));
      Files.writeString(path, file.getValue());
    }
    Files.write(Files.createDirectories(setup.resolve("deploy")).resolve("board.jar"), bundle);
    String script =
        """
        set -eu
        mkdir "$1/root"
        "$7" -R "rdump / $1/root" "$2" >/dev/null 2>&1
        mkdir -p "$1/root/product" "$1/root/modules"
        cp -r --preserve=mode "$3" "$1/root/product/gateway"
        cp "$4/i2c_dev.ko" "$4/i2c_bcm2835.ko" "$1/root/modules/"
        cp "$5" "$1/root/init"
        cp -r "$6" "$1/root/setup"
        chmod 755 "$1/root/init"
        chmod -R a+rX "$1/root/product" "$1/root/setup"
        cd "$1/root"
        find . | cpio -o -H newc --quiet -R 0:0 >"$1/initrd.cpio"
        rm -rf "$1/root"
        """;
    Processes.run(
        List.of(
            "sh",
            "-c",
            script,
            "pi",
            work.toString(),
            prepared.base().toString(),
            source.resolve("distribution/gateway/target/selvedge-gateway").toString(),
            prepared.home().resolve("modules").toString(),
            source.resolve("bundles/itest-hardware/src/vm/pi.sh").toString(),
            setup.toString(),
            Tools.path("debugfs")),
        line -> {});
    return work.resolve("initrd.cpio");
  }

  /**
   * Starts it.
   *
   * @param serial port of this machine's loopback where its serial line ends
   */
  static PiMachine start(Qemu qemu, Prepared prepared, Path initrd, Path work, int serial)
      throws IOException {
    // Sockets have short names, however long that of the directory is.
    Path sockets = Files.createTempDirectory("selvedge-pi");
    List<String> command = new ArrayList<>(qemu.command());
    command.addAll(
        List.of(
            "-M",
            "raspi3b",
            "-accel",
            "tcg,thread=multi",
            "-dtb",
            prepared.home().resolve("bcm2837-rpi-3-b.dtb").toString(),
            "-kernel",
            prepared.kernel().toString(),
            "-initrd",
            initrd.toString(),
            "-append",
            // Two of its four processors, for this machine may not have more.
            "console=ttyS1,115200 8250.nr_uarts=2 quiet nr_cpus=2 mitigations=off kpti=0"
                + " rootfstype=ramfs rdinit=/init",
            "-display",
            "none",
            "-serial",
            "null",
            "-serial",
            "tcp:127.0.0.1:" + serial,
            "-monitor",
            "unix:" + monitor(sockets) + ",server=on,wait=off",
            "-device",
            "tmp105,id=sensor,bus=i2c-bus.1,address=0x48"));
    Path log = work.resolve("qemu.log");
    return new PiMachine(Processes.start(command, log), sockets, log);
  }

  private static Path monitor(Path sockets) {
    return sockets.resolve("monitor");
  }

  /** Sets what its sensor feels. */
  void temperature(double celsius) throws IOException, InterruptedException {
    String command =
        "qom-set /machine/peripheral/sensor temperature " + Math.round(celsius * 1000) + "\n";
    for (int i = 0; !Files.exists(monitor); i++) {
      if (!process.isAlive() || i == LOOKS) {
        throw new IOException("QEMU did not start: " + Files.readString(log));
      }
      Thread.sleep(LOOK_MILLIS);
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(monitor));
      int unused = channel.write(ByteBuffer.wrap(command.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(1 << 16);
      StringBuilder text = new StringBuilder();
      // The prompt before the command, and the one after it.
      while (text.toString().split("\\(qemu\\) ", -1).length < 3 && channel.read(answer) >= 0) {
        text.append(StandardCharsets.US_ASCII.decode(answer.flip()));
        answer.clear();
      }
      if (text.toString().contains("Error")) {
        throw new IOException("QEMU said: " + text);
      }
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() throws IOException {
    Processes.end(process, end, STOP);
    Files.deleteIfExists(monitor);
    Files.deleteIfExists(sockets);
  }
}
