package io.selvedge.console;

import io.selvedge.console.rest.SchemaRoutes;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Resources of the bundles that are active. */
final class BundleResources implements SchemaRoutes.Resources {

  private final BundleContext context;

  BundleResources(BundleContext context) {
    this.context = context;
  }

  @Override
  public Optional<byte[]> find(String bundle, String path) throws IOException {
    for (Bundle candidate : context.getBundles()) {
      if (bundle.equals(candidate.getSymbolicName()) && candidate.getState() == Bundle.ACTIVE) {
        URL entry = candidate.getEntry(path);
        if (entry != null) {
          try (InputStream in = entry.openStream()) {
            return Optional.of(in.readAllBytes());
          }
        }
      }
    }
    return Optional.empty();
  }
}
