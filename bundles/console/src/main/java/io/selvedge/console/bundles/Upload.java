package io.selvedge.console.bundles;

import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A bundle that was uploaded, and what is to be done with it.
 *
 * @param file its name on the operator's machine
 * @param jar a copy of it, which is deleted when it is done with
 * @param name its symbolic name
 * @param version its version
 * @param host the symbolic name of the bundle that it is a fragment of; empty where it is none
 * @param wish what the operator asked for
 */
record Upload(String file, Path jar, String name, Version version, String host, Wish wish) {

  /**
   * What was ticked on the page.
   *
   * @param target the id of the bundle that is to be replaced; negative: the one of the same name
   * @param beside whether another version stays beside it
   * @param start whether to start it where it is new; what is replaced runs if it was to run before
   * @param startLevel of one that is new; 0 for the framework's own
   * @param refresh whether what uses it is wired to it anew
   */
  record Wish(int target, boolean beside, boolean start, int startLevel, boolean refresh) {}

  /**
   * Looks into a jar.
   *
   * @throws Refusal it is no bundle
   */
  static Upload of(String file, Path jar, Wish wish) throws Refusal {
    try (JarFile opened = new JarFile(jar.toFile())) {
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      Manifest manifest = opened.getManifest();
      if (manifest != null) {
        manifest.getMainAttributes().forEach((key, value) -> headers.put("" + key, "" + value));
      }
      String name = first(headers.getOrDefault(Constants.BUNDLE_SYMBOLICNAME, ""));
      if (name.isEmpty()) {
        throw Refusal.badRequest("bundle.malformed", malformed(file, ""));
      }
      return new Upload(
          file,
          jar,
          name,
          Version.parseVersion(headers.get(Constants.BUNDLE_VERSION)),
          first(headers.getOrDefault(Constants.FRAGMENT_HOST, "")),
          wish);
    } catch (IOException | IllegalArgumentException e) {
      String why = " (" + Json.brief(String.valueOf(e.getMessage())) + ")";
      throw new Refusal(400, "bundle.malformed", malformed(file, why), e);
    }
  }

  private static String first(String header) {
    return header.replaceFirst("[;,].*", "").strip();
  }

  private static String malformed(String file, String why) {
    return "file ["
        + Json.brief(file)
        + "] is no bundle"
        + why
        + "; it must be a jar whose manifest has a Bundle-SymbolicName and a valid Bundle-Version, as"
        + " bnd makes it";
  }

  boolean isFragment() {
    return !host.isEmpty();
  }

  /** {@code NAME VERSION from FILE}, for messages. */
  String text() {
    return "bundle [" + name + " " + version + "] from [" + Json.brief(file) + "]";
  }
}
