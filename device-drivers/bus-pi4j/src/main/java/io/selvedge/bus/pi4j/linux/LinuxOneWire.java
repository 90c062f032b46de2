package io.selvedge.bus.pi4j.linux;

import io.selvedge.api.bus.BusException;
import io.selvedge.api.bus.BusException.Kind;
import io.selvedge.api.bus.OneWireBus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A 1-Wire bus by the device of its master, through the files of the kernel's w1_therm. */
final class LinuxOneWire implements OneWireBus {

  private static final Pattern ID = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{12}");
  private static final int SCRATCHPAD = 9;
  private static final Pattern FIRST_LINE =
      Pattern.compile("((?:[0-9a-f]{2} ){9}): crc=[0-9a-f]{2} (YES|NO)");

  private final String name;
  private final Listing listing;

  LinuxOneWire(String name, Listing listing) {
    this.name = name;
    this.listing = listing;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> list() throws BusException {
    return listing.tree().entries(master(), ID).stream().map(Tree::fileName).toList();
  }

  @Override
  public byte[] read(String id) throws BusException {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "1-Wire id ["
              + id
              + "] must be family, dash and serial number, for example [28-0000000a1b2c]");
    }
    Path file = master().resolve(id).resolve("w1_slave");
    String what = "device [" + id + "] on 1-Wire bus [" + name + "]";
    try {
      return scratchpad(what, Files.readString(file, StandardCharsets.US_ASCII));
    } catch (NoSuchFileException e) {
      List<String> others = list();
      throw new BusException(
          Kind.ABSENT,
          "no " + what + "; " + (others.isEmpty() ? "none answers" : "there are " + others),
          e);
    } catch (AccessDeniedException e) {
      throw BusException.noPermission(listing.tree().name(file), Listing.GROUP_GPIO);
    } catch (IOException e) {
      throw new BusException(Kind.ABSENT, what + ": no answer: " + e.getMessage(), e);
    }
  }

  private Path master() throws BusException {
    return Listing.require(listing.oneWire(), "1-Wire bus", name).device();
  }

  private static byte[] scratchpad(String what, String text) throws BusException {
    Matcher line = FIRST_LINE.matcher(text);
    if (!line.lookingAt()) {
      throw new BusException(
          Kind.ABSENT, what + ": no answer; the kernel gives [" + text.strip() + "]");
    }
    byte[] bytes = new byte[SCRATCHPAD];
    boolean silent = true; // a bus that nobody pulls down reads all ones, one in short all zeros
    for (int i = 0; i < SCRATCHPAD; i++) {
      bytes[i] = (byte) Integer.parseInt(line.group(1).substring(3 * i, 3 * i + 2), 16);
      silent &= bytes[i] == 0;
    }
    if (silent) {
      throw new BusException(
          Kind.IO, what + ": it sends nothing but zeros; the bus has a short circuit");
    }
    if (line.group(2).equals("NO") || crc(bytes) != 0) {
      throw new BusException(
          Kind.CRC, what + ": the check sum does not fit: [" + line.group(1).strip() + "]");
    }
    return bytes;
  }

  /** The CRC of Maxim's 1-Wire devices, x^8 + x^5 + x^4 + 1; 0 where the last byte is it. */
  static int crc(byte[] bytes) {
    int crc = 0;
    for (byte one : bytes) {
      crc ^= one & 0xff;
      for (int i = 0; i < 8; i++) {
        crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x8c : crc >> 1;
      }
    }
    return crc;
  }
}
