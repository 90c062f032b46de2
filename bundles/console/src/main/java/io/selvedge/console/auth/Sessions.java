package io.selvedge.console.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is signed in. A session ends when it was not used for a while, and at the latest after 30
 * days. Tokens are 256 random bits; the file holds only their digests, so that a restart signs
 * nobody out and reading the file lets nobody in. Thread-safe.
 *
 * <p>The file: one session a line, {@code <sha256 of the token> <began> <last used>}, times in
 * seconds since 1970. Use is written at most once an hour, to spare flash.
 */
final class Sessions {

  /** More than these are not kept: the least recently used one ends. */
  static final int MAX_SESSIONS = 100;

  /** However much it is used, a session ends after this. */
  static final Duration LONGEST = Duration.ofDays(30);

  private static final Duration WRITE_EVERY = Duration.ofHours(1);
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  private record Session(Instant began, Instant used, Instant written) {}

  private final PrivateFile file;
  private final Clock clock;
  private final Duration idle;
  private final SecureRandom random;
  private final Map<String, Session> sessions = new HashMap<>();

  Sessions(Path file, Clock clock, Duration idle, SecureRandom random) throws IOException {
    this.file = new PrivateFile(file);
    this.clock = clock;
    this.idle = idle;
    this.random = random;
    load();
  }

  /** Begins a session and returns its token, the only time that it can be had. */
  synchronized String begin() throws IOException {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant now = clock.instant();
    sessions.values().removeIf(session -> over(session, now));
    while (sessions.size() >= MAX_SESSIONS) {
      sessions.entrySet().stream()
          .min(Comparator.comparing(entry -> entry.getValue().used()))
          .ifPresent(entry -> sessions.remove(entry.getKey()));
    }
    sessions.put(digest(token), new Session(now, now, now));
    save();
    return token;
  }

  /** True where the token is that of a living session, which thereby lives on. */
  synchronized boolean use(String token) {
    Instant now = clock.instant();
    String key = digest(token);
    Session session = sessions.get(key);
    if (session == null) {
      return false;
    }
    if (over(session, now)) {
      sessions.remove(key);
      return false;
    }
    boolean write = Duration.between(session.written(), now).compareTo(WRITE_EVERY) >= 0;
    sessions.put(key, new Session(session.began(), now, write ? now : session.written()));
    if (write) {
      try {
        save();
      } catch (IOException e) {
        log.warn("the sessions could not be written; a restart may sign out: {}", e.toString());
      }
    }
    return true;
  }

  /** Ends a session, if there is one. */
  synchronized void end(String token) throws IOException {
    if (sessions.remove(digest(token)) != null) {
      save();
    }
  }

  /** Ends all sessions. */
  synchronized void endAll() throws IOException {
    sessions.clear();
    save();
  }

  /** When a session that is used now would end if it were not used again. */
  Instant expiry() {
    return clock.instant().plus(idle);
  }

  private boolean over(Session session, Instant now) {
    return Duration.between(session.used(), now).compareTo(idle) > 0
        || Duration.between(session.began(), now).compareTo(LONGEST) > 0;
  }

  private void load() throws IOException {
    for (String line : file.read().orElse("").lines().toList()) {
      String[] parts = line.split(" ", -1);
      if (parts.length == 3 && parts[0].matches("[0-9a-f]{64}")) {
        try {
          Instant used = Instant.ofEpochSecond(Long.parseLong(parts[2]));
          Instant began = Instant.ofEpochSecond(Long.parseLong(parts[1]));
          sessions.put(parts[0], new Session(began, used, used));
        } catch (NumberFormatException e) {
          log.warn("a damaged line of the sessions was left out; its session has ended");
        }
      }
    }
  }

  private void save() throws IOException {
    List<String> lines = new ArrayList<>();
    sessions.forEach(
        (key, session) ->
            lines.add(
                key
                    + " "
                    + session.began().getEpochSecond()
                    + " "
                    + session.used().getEpochSecond()
                    + "\n"));
    file.write(String.join("", lines));
  }

  private static String digest(String token) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
