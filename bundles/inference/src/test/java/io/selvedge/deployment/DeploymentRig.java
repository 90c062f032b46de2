package io.selvedge.deployment;

import io.selvedge.api.deployment.ArtifactHandler;
import io.selvedge.api.deployment.DeploymentStatus;
import io.selvedge.api.event.Events;
import io.selvedge.api.uplink.Reply;
import io.selvedge.api.uplink.Request;
import io.selvedge.api.uplink.Uplink;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.BundleContext;

/** The deployment bundle as it is, with models as the only kind, outside of a framework. */
public final class DeploymentRig implements AutoCloseable {

  private final DeploymentComponent component;

  public DeploymentRig(Path root, ArtifactHandler models, Uplink hub, Events events)
      throws IOException {
    Map<String, String> properties =
        Map.of(
            "selvedge.data",
            root.resolve("data").toString(),
            "selvedge.conf",
            root.resolve("conf").toString(),
            "selvedge.gateway.id",
            "gw-1",
            "selvedge.version",
            "0.1.0");
    BundleContext context =
        (BundleContext)
            Proxy.newProxyInstance(
                DeploymentRig.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) ->
                    method.getName().equals("getProperty")
                        ? properties.get((String) arguments[0])
                        : null);
    component =
        new DeploymentComponent(
            context,
            new TransferRules(1 << 30, 0, 1 << 20, Optional.empty(), Set.of(), List.of()),
            events);
    component.wayToHub().bind(hub, () -> hub);
    component.bindHandler(models, Map.of("artifact.kind", "MODEL"));
    component.start();
  }

  public Reply put(byte[] envelope) {
    return component.handle(new Request(Request.Method.PUT, "desired", Map.of(), envelope));
  }

  public DeploymentStatus status() {
    return component.status();
  }

  @Override
  public void close() {
    component.stop();
  }
}
