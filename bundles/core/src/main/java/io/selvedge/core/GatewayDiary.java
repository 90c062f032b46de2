package io.selvedge.core;

import io.selvedge.api.event.Event.Severity;
import io.selvedge.api.event.Events;
import java.util.Objects;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The gateway's own lines in the diary: it starts, has started, stops. */
@Component(
    service = {},
    immediate = true)
public final class GatewayDiary implements FrameworkListener, SynchronousBundleListener {

  private final BundleContext context;
  private final Events events;

  @Activate
  public GatewayDiary(BundleContext context, @Reference(name = "events") Events events) {
    this.context = context;
    this.events = events;
    Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    if (system.getState() == Bundle.STARTING) { // otherwise this bundle is updated, no more
      report(
          "gateway.starts",
          "gateway ["
              + property("selvedge.gateway.id")
              + "] starts: Selvedge "
              + property("selvedge.version")
              + ", Java "
              + property("java.version")
              + ", process "
              + ProcessHandle.current().pid()
              + ", instance ["
              + property("selvedge.instance")
              + "]");
    }
    context.addFrameworkListener(this);
    context.addBundleListener(this);
  }

  @Deactivate
  void stop() {
    context.removeBundleListener(this);
    context.removeFrameworkListener(this);
  }

  @Override
  public void frameworkEvent(FrameworkEvent event) {
    if (event.getType() == FrameworkEvent.STARTED) {
      report(
          "gateway.started",
          "gateway ["
              + property("selvedge.gateway.id")
              + "] has started; console and REST: port "
              + property("selvedge.http.port")
              + " of ["
              + property("selvedge.http.host")
              + "]");
    }
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    if (event.getType() == BundleEvent.STOPPING
        && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
      report("gateway.stops", "gateway [" + property("selvedge.gateway.id") + "] stops");
    }
  }

  private void report(String code, String message) {
    events.report(Severity.INFO, "gateway", code, message);
  }

  private String property(String name) {
    return Objects.requireNonNullElse(context.getProperty(name), "?");
  }
}
