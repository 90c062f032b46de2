package io.selvedge.remote.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;

/**
 * A file that can be installed: a bundle, or a deployment package of bundles (OSGi Compendium,
 * chapter 114).
 *
 * @param path where it is
 * @param bundles what is in it, in the manifest's order
 */
record PackageFile(Path path, List<Member> bundles) {

  private static final String DP = "DeploymentPackage-";
  private static final int MOST_BUNDLES = 200;

  /**
   * A bundle in it.
   *
   * @param entry its name in the package; empty where the file itself is the bundle
   */
  record Member(String entry, String symbolicName, String version) {}

  /**
   * Reads the manifest.
   *
   * @throws DeployException it cannot be installed here, and why
   */
  static PackageFile read(Path path) throws IOException, DeployException {
    try (JarFile jar = new JarFile(path.toFile(), false)) {
      Manifest manifest =
          Optional.ofNullable(jar.getManifest())
              .orElseThrow(() -> new DeployException("the file is no bundle: no manifest"));
      Attributes main = manifest.getMainAttributes();
      if (main.getValue(DP + "SymbolicName") == null) {
        return new PackageFile(path, List.of(member("", main)));
      }
      if (main.getValue(DP + "FixPack") != null) {
        throw new DeployException(
            "the package is a fix pack of [" + main.getValue(DP + "FixPack") + "]; send it whole");
      }
      List<Member> bundles = new ArrayList<>();
      for (Map.Entry<String, Attributes> one : sections(manifest)) {
        if (jar.getEntry(one.getKey()) == null) {
          throw new DeployException("the package has no [" + one.getKey() + "]; build it anew");
        }
        bundles.add(member(one.getKey(), one.getValue()));
      }
      if (bundles.isEmpty() || bundles.size() > MOST_BUNDLES) {
        throw new DeployException(
            "the package has [" + bundles.size() + "] bundles; it must be 1 to " + MOST_BUNDLES);
      }
      return new PackageFile(path, List.copyOf(bundles));
    } catch (ZipException e) {
      throw new DeployException("the file is neither a bundle nor a package: " + e.getMessage(), e);
    }
  }

  private static List<Map.Entry<String, Attributes>> sections(Manifest manifest)
      throws DeployException {
    List<Map.Entry<String, Attributes>> bundles = new ArrayList<>();
    for (Map.Entry<String, Attributes> one : manifest.getEntries().entrySet()) {
      Attributes attributes = one.getValue();
      if (attributes.getValue("Resource-Processor") != null
          || "true".equals(attributes.getValue(DP + "Customizer"))
          || "true".equals(attributes.getValue(DP + "Missing"))) {
        throw new DeployException(
            "["
                + one.getKey()
                + "] of the package needs a resource processor, a customizer or another package; put"
                + " bundles only into it");
      }
      if (attributes.getValue("Bundle-SymbolicName") != null) {
        bundles.add(one);
      }
    }
    return bundles;
  }

  private static Member member(String entry, Attributes attributes) throws DeployException {
    String name = attributes.getValue("Bundle-SymbolicName");
    if (name == null) {
      throw new DeployException(
          "the file has neither Bundle-SymbolicName nor DeploymentPackage-SymbolicName; build a"
              + " bundle, for example with bnd");
    }
    String version = attributes.getValue("Bundle-Version");
    return new Member(
        entry, name.replaceFirst(";.*", "").strip(), version == null ? "0.0.0" : version.strip());
  }
}
