package io.selvedge.remote;

import java.util.List;

/** Packages that DEPLOY-V2 has installed; a service of this bundle for its other applications. */
@FunctionalInterface
public interface PackageList {

  /** All of them. */
  List<Item> packages();

  /** A bundle or a package. */
  record Item(String name, String version, List<Item> bundles) {}
}
