package io.selvedge.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What {@code conf/gateway.properties} says; what it leaves out has a default.
 *
 * @param gatewayId the gateway's id: MQTT client id and a part of topics
 * @param account the account it belongs to; a part of topics
 * @param groups the groups that it belongs to, with commas between
 * @param host address that the console and REST listen on
 * @param port their port, 1 to 65535
 */
record Settings(String gatewayId, String account, String groups, String host, int port) {

  static final Set<String> KEYS =
      new TreeSet<>(Set.of("gateway.id", "account", "groups", "http.host", "http.port"));

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]+");

  /** Reads and checks the file; refuses keys that nobody knows, because they are misspelt ones. */
  static Settings read(Path file, String defaultId) throws Problem {
    Properties given = load(file);
    for (String key : given.stringPropertyNames()) {
      if (!KEYS.contains(key)) {
        throw refuse(file, key, given.getProperty(key), "is not a setting; known are " + KEYS);
      }
    }
    String id = text(given, "gateway.id", defaultId);
    if (!NAME.matcher(id).matches() || id.equals("HUB")) {
      throw refuse(
          file,
          "gateway.id",
          id,
          "must begin with a letter or digit and hold at most 64 of A-Z a-z 0-9 . _ -, and not be"
              + " [HUB]; for example [office-gw-1]");
    }
    String account = text(given, "account", "selvedge");
    if (!NAME.matcher(account).matches()) {
      throw refuse(
          file,
          "account",
          account,
          "must begin with a letter or digit and hold at most 64 of A-Z a-z 0-9 . _ -; for example"
              + " [selvedge]");
    }
    String groups = text(given, "groups", "").replaceAll("\\s*,\\s*", ",");
    for (String group : groups.isEmpty() ? new String[0] : groups.split(",", -1)) {
      if (!NAME.matcher(group).matches()) {
        throw refuse(
            file,
            "groups",
            group,
            "must begin with a letter or digit and hold at most 64 of A-Z a-z 0-9 . _ -, with"
                + " commas between groups; for example [canary, line-a]");
      }
    }
    String host = text(given, "http.host", "127.0.0.1");
    if (!HOST.matcher(host).matches()) {
      throw refuse(
          file, "http.host", host, "must be an address of this machine; for example [127.0.0.1]");
    }
    String port = text(given, "http.port", "8080");
    return new Settings(
        id, account, groups, host, port(port, "setting [http.port] in [" + file + "]"));
  }

  /**
   * Reads a port number.
   *
   * @param where names the option or the setting, for the message
   */
  static int port(String text, String where) throws Problem {
    if (text.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    }
    throw Problem.badInput(
        where + ": [" + text + "] must be a port number from 1 to 65535; for example [8080]");
  }

  Settings withPort(int other) {
    return new Settings(gatewayId, account, groups, host, other);
  }

  /** Where the console and REST are reached from this machine. */
  String address() {
    boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
    String name = everywhere ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
    return "http://" + name + ":" + port + "/";
  }

  /** An id made of the host's name: lower case, what topics cannot hold becomes a hyphen. */
  static String idOf(String hostName) {
    String id =
        hostName
            .toLowerCase(Locale.ROOT)
            .replaceAll("\\..*", "")
            .replaceAll("[^a-z0-9_-]+", "-")
            .replaceAll("^[_-]+|-+$", "");
    return id.isEmpty() || id.equals("localhost")
        ? "gateway"
        : id.substring(0, Math.min(64, id.length()));
  }

  private static String text(Properties given, String key, String otherwise) {
    String value = given.getProperty(key, "").strip();
    return value.isEmpty() ? otherwise : value;
  }

  private static Properties load(Path file) throws Problem {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw Problem.badInput(
          "settings [" + file + "] cannot be read: " + e + "; mend the file or its permissions");
    }
    return properties;
  }

  private static Problem refuse(Path file, String key, String value, String rule) {
    return Problem.badInput(
        "setting [" + key + "] in [" + file + "]: [" + value + "] " + rule + "; correct the file");
  }
}
