package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusException.Kind;
import io.selvedge.api.bus.PwmBus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A PWM chip by the name of its device, through the kernel's files for it. */
final class LinuxPwm implements PwmBus {

  /** A channel's files belong to root until udev has changed them, a moment after they appear. */
  private static final int TRIES = 50;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final String name;
  private final Listing listing;

  LinuxPwm(String name, Listing listing) {
    this.name = name;
    this.listing = listing;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized int channels() throws BusException {
    return channels(chip());
  }

  @Override
  public synchronized void set(int channel, long periodNanos, long dutyNanos) throws BusException {
    if (periodNanos < 1 || dutyNanos < 0 || dutyNanos > periodNanos) {
      throw new IllegalArgumentException(
          "duty ["
              + dutyNanos
              + "] ns of period ["
              + periodNanos
              + "] ns must be from 0 to the period, and that at least 1");
    }
    Path files = export(channel);
    if (dutyNow(files) > periodNanos) {
      write(files.resolve("duty_cycle"), 0); // or the kernel refuses the shorter period
    }
    write(files.resolve("period"), periodNanos);
    write(files.resolve("duty_cycle"), dutyNanos);
    write(files.resolve("enable"), 1);
  }

  @Override
  public synchronized void off(int channel) throws BusException {
    Path files = export(channel);
    write(files.resolve("enable"), 0);
    write(chip().resolve("unexport"), channel);
  }

  private Path chip() throws BusException {
    return Listing.require(listing.pwm(), "PWM", name).device();
  }

  private int channels(Path chip) {
    return listing.tree().text(chip.resolve("npwm")).map(Integer::parseInt).orElse(0);
  }

  private Path export(int channel) throws BusException {
    Path chip = chip();
    int channels = channels(chip);
    if (channel < 0 || channel >= channels) {
      throw new BusException(
          Kind.ABSENT,
          "PWM [" + name + "] has channels 0 to " + (channels - 1) + ", not [" + channel + "]");
    }
    Path files = chip.resolve("pwm" + channel);
    if (!Files.exists(files)) {
      write(chip.resolve("export"), channel);
      for (int i = 0; i < TRIES && !Files.isWritable(files.resolve("period")); i++) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    return files;
  }

  private long dutyNow(Path files) {
    return listing.tree().text(files.resolve("duty_cycle")).map(Long::parseLong).orElse(0L);
  }

  private void write(Path file, long number) throws BusException {
    try {
      Files.writeString(
          file,
          Long.toString(number),
          StandardCharsets.US_ASCII,
          StandardOpenOption.WRITE,
          StandardOpenOption.TRUNCATE_EXISTING);
    } catch (AccessDeniedException e) {
      throw BusException.noPermission(
          listing.tree().name(file), listing.tree().groupOf(file).orElse(Listing.GROUP_GPIO));
    } catch (NoSuchFileException e) {
      throw new BusException(Kind.ABSENT, "PWM [" + name + "]: it has gone", e);
    } catch (IOException e) {
      boolean busy = String.valueOf(e.getMessage()).contains("busy");
      throw new BusException(
          busy ? Kind.BUSY : Kind.IO,
          "PWM [" + name + "]: [" + number + "] was refused: " + e.getMessage(),
          e);
    }
  }
}
