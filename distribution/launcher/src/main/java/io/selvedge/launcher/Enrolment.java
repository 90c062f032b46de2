package io.selvedge.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a hub answers when it enrols a gateway, put where the gateway looks for it. The key comes
 * with an answer that only the hub's administrator can ask for, and is pinned once: another one
 * takes its place only where a person has removed the first, or by a change that the first one
 * signs.
 *
 * @param id the gateway's
 * @param account first part of topics
 * @param password for the broker
 * @param broker its address
 * @param publicKey the hub's, X.509 in Base64
 * @param groups that it is of; empty where the hub does not say
 */
record Enrolment(
    String id,
    String account,
    String password,
    String broker,
    String publicKey,
    Optional<List<String>> groups) {

  /** More than any answer has. */
  static final int MOST_BYTES = 1 << 16;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern PASSWORD = Pattern.compile("[!-~]{1,200}");
  private static final Pattern BROKER = Pattern.compile("(tcp|ssl|ws|wss)://[!-~]{1,300}");
  private static final String SETTINGS = "io.selvedge.mqtt.cfg";
  private static final String PASSWORD_FILE = "trust/hub.password";

  /** Reads the hub's answer. */
  static Enrolment parse(String json) throws Problem {
    Enrolment read =
        new Enrolment(
            field(json, "id"),
            field(json, "account"),
            field(json, "password"),
            field(json, "broker"),
            field(json, "publicKey"),
            groups(json));
    require("id", read.id, NAME, "a gateway's id");
    require("account", read.account, NAME, "an account's name");
    if (!PASSWORD.matcher(read.password).matches()) {
      throw refuse("password [not shown] must be one word");
    }
    require("broker", read.broker, BROKER, "an address, for example [ssl://hub.example.org:8883]");
    for (String group : read.groups.orElse(List.of())) {
      require("group", group, NAME, "a group's name");
    }
    read.keyId();
    return read;
  }

  /** A list of names is all that is read of it. */
  private static Optional<List<String>> groups(String json) {
    Matcher found = Pattern.compile("\"groups\"\\s*:\\s*\\[([^\\]\\\\]*)\\]").matcher(json);
    if (!found.find()) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    Matcher name = Pattern.compile("\"([^\"]*)\"").matcher(found.group(1));
    while (name.find()) {
      names.add(name.group(1));
    }
    return Optional.of(names);
  }

  private static String field(String json, String name) throws Problem {
    Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"\\\\]*)\"").matcher(json);
    if (!found.find()) {
      throw refuse(name + " is missing");
    }
    return found.group(1);
  }

  private static void require(String name, String value, Pattern rule, String what) throws Problem {
    if (!rule.matcher(value).matches()) {
      throw refuse(name + " [" + value + "] must be " + what);
    }
  }

  private static Problem refuse(String why) {
    return Problem.badInput(
        "enrolment: "
            + why
            + "; pipe in what the hub answered: curl … /api/v1/gateways | selvedge enrol");
  }

  /** First 16 hexadecimal digits of the key's SHA-256, as the hub shows it. */
  String keyId() throws Problem {
    return keyId(publicKey)
        .orElseThrow(() -> refuse("publicKey must be an Ed25519 key, X.509 in Base64"));
  }

  private static Optional<String> keyId(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text.strip());
      KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(bytes));
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return Optional.of(HexFormat.of().formatHex(digest, 0, 8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Writes it into an instance that is there; the connection comes last. */
  void write(Instance instance) throws Problem {
    try {
      Path trust = Files.createDirectories(instance.conf().resolve("trust"));
      requireNoOther(trust);
      replace(trust.resolve("hub.pub"), publicKey + "\n", false);
      replace(instance.conf().resolve(PASSWORD_FILE), password + "\n", true);
      List<String> settings = new ArrayList<>(List.of("gateway.id=" + id, "account=" + account));
      groups
          .filter(names -> !names.isEmpty() || has(instance.settings(), "groups"))
          .ifPresent(names -> settings.add("groups=" + String.join(", ", names)));
      set(instance.settings(), settings);
      set(
          instance.conf().resolve(SETTINGS),
          List.of("broker=" + broker, "user=" + id, "password.file=" + PASSWORD_FILE));
    } catch (IOException e) {
      throw Problem.failed(
          "enrolment cannot be written: " + e + "; see to the disk and its rights");
    }
  }

  private void requireNoOther(Path trust) throws IOException, Problem {
    List<Path> files;
    try (Stream<Path> all = Files.list(trust)) {
      files = all.filter(file -> file.toString().endsWith(".pub")).toList();
    }
    for (Path file : files) {
      Optional<String> other = keyId(Files.readString(file));
      if (other.isPresent() && !other.get().equals(keyId())) {
        throw Problem.badInput(
            "this gateway trusts key ["
                + other.get()
                + "] in ["
                + file
                + "], the hub now has ["
                + keyId()
                + "]; if that is right, delete the file and enrol again");
      }
    }
  }

  private static boolean has(Path file, String key) {
    try {
      return Files.exists(file)
          && Pattern.compile("(?m)^" + key + "\\s*=").matcher(Files.readString(file)).find();
    } catch (IOException e) {
      return false; // writing it will tell
    }
  }

  /** Sets lines KEY=VALUE; others stay as they are. */
  private static void set(Path file, List<String> lines) throws IOException {
    String text = Files.exists(file) ? Files.readString(file) : "";
    for (String line : lines) {
      String key = Pattern.quote(line.substring(0, line.indexOf('=')));
      Matcher old = Pattern.compile("(?m)^#?" + key + "\\s*=.*$").matcher(text);
      text =
          old.find()
              ? old.replaceFirst(Matcher.quoteReplacement(line))
              : text + (text.isEmpty() || text.endsWith("\n") ? "" : "\n") + line + "\n";
    }
    replace(file, text, false);
  }

  private static void replace(Path file, String text, boolean secret) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh,
        PosixFilePermissions.asFileAttribute(
            PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r-----")));
    Files.writeString(fresh, text, StandardCharsets.UTF_8, StandardOpenOption.SYNC);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
