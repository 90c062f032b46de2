package io.selvedge.configuration;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Brings a change that was cut short to its end before anybody reads the files: this bundle starts
 * before File Install. What it leaves, the event and the snapshot, {@link ConfigurationKeeper}
 * does.
 */
public final class Recovery implements BundleActivator {

  @Override
  public void start(BundleContext context) {
    Transaction transaction = transaction(context, new Durable());
    try {
      var open = transaction.open();
      if (open.isPresent()) {
        transaction.apply(open.get());
      }
    } catch (IOException e) {
      return; // there are no events yet; the keeper meets the same, and reports it
    }
  }

  @Override
  public void stop(BundleContext context) {
    // nothing to let go of
  }

  static Transaction transaction(BundleContext context, Durable disk) {
    return new Transaction(
        Path.of(context.getProperty("selvedge.conf")),
        directory(context).resolve("journal.zip"),
        disk);
  }

  static Path directory(BundleContext context) {
    return Path.of(context.getProperty("selvedge.data"), "configuration");
  }
}
