package io.selvedge.remote.deploy;

import io.selvedge.api.uplink.Request;
import io.selvedge.remote.Wanted;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request to download, install or uninstall.
 *
 * @param id the requester's number for it; 0 where there is none
 * @param name of the package
 * @param version of the package
 * @param envelope a signed document that names the package's digest; empty where there is none
 */
record Job(long id, String name, String version, byte[] envelope) {

  private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /**
   * What is to be downloaded.
   *
   * @param login user name and password; empty where there are none
   * @param blockSize bytes read at a time
   * @param blockDelay milliseconds between two of them
   * @param timeout milliseconds without a byte that count as a cut
   * @param notifyBytes bytes between two notifications
   * @param force downloads it though it is there
   * @param install installs it then
   */
  record Download(
      Job job,
      URI uri,
      Digest digest,
      Optional<String> login,
      int blockSize,
      int blockDelay,
      int timeout,
      int notifyBytes,
      boolean force,
      boolean install) {}

  /** {@code NAME-VERSION}, under which the file is kept. */
  String file() {
    return name + "-" + version;
  }

  /** What an uninstall names; the version may be left out. */
  static Job parse(Request request) {
    Wanted wanted = new Wanted(request);
    String name = part("dp.name", wanted.need("dp.name"));
    String version = wanted.text("dp.version").map(v -> part("dp.version", v)).orElse("");
    String id = wanted.text("job.id").isPresent() ? "job.id" : "dp.job.id";
    if (wanted.flag("dp.reboot", false)) {
      throw new IllegalArgumentException(
          "metric [dp.reboot] is [true]; the gateway does not reboot the machine, leave it out");
    }
    if (wanted.flag("dp.install.system.update", false)) {
      throw new IllegalArgumentException(
          "metric [dp.install.system.update] is [true]; the gateway runs no scripts that it was sent,"
              + " send a bundle or a deployment package");
    }
    return new Job(
        wanted.whole(id, 0, Long.MIN_VALUE, Long.MAX_VALUE), name, version, request.body());
  }

  /** What an install names. */
  static Job parseVersioned(Request request) {
    Job job = parse(request);
    if (job.version().isEmpty()) {
      throw new IllegalArgumentException("metric [dp.version] is missing; add it");
    }
    return job;
  }

  static Download parseDownload(Request request) {
    Wanted wanted = new Wanted(request);
    Job job = parseVersioned(request);
    URI uri = uri(wanted.text("dp.uri").orElseGet(() -> wanted.need("dp.download.uri")));
    wanted
        .text("dp.download.protocol")
        .filter(protocol -> !protocol.equalsIgnoreCase(uri.getScheme()))
        .ifPresent(
            protocol -> {
              throw new IllegalArgumentException(
                  "metric [dp.download.protocol] is ["
                      + protocol
                      + "]; it must be that of the address ["
                      + uri
                      + "], HTTP or HTTPS");
            });
    Optional<String> hash = wanted.text("dp.download.hash");
    if (hash.isEmpty()) {
      throw new IllegalArgumentException(
          "metric [dp.download.hash] is missing; without it nobody can tell a part from the whole."
              + " Add SHA-256: and the file's digest, as sha256sum prints it");
    }
    return new Download(
        job,
        uri,
        Digest.parse(hash.get()),
        wanted
            .text("dp.download.username")
            .map(user -> user + ":" + wanted.text("dp.download.password").orElse("")),
        (int) wanted.whole("dp.download.block.size", 1 << 16, 256, 1 << 22),
        (int) wanted.whole("dp.download.block.delay", 0, 0, 60_000),
        (int) wanted.whole("dp.download.timeout", 10_000, 100, 600_000),
        (int) wanted.whole("dp.download.notify.block.size", 1 << 18, 1024, 1 << 30),
        wanted.flag("dp.download.force", false),
        wanted.flag("dp.install", true));
  }

  private static String part(String metric, String value) {
    if (!PART.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "metric ["
              + metric
              + "] is ["
              + value
              + "]; it must begin with a letter or digit and hold at most 128 of A-Z a-z 0-9 . _ -");
    }
    return value;
  }

  private static URI uri(String text) {
    try {
      URI uri = new URI(text.strip());
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "metric [dp.uri] is ["
            + text
            + "]; it must be an address with http:// or https:// and a host, without a password in"
            + " it");
  }
}
