package io.selvedge.driver.opcua;

import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.stack.core.Stack;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The library's threads: there while a device uses them, gone with the last one. */
@Component(service = MiloStack.class)
public final class MiloStack {

  private static final long PATIENCE_SECONDS = 2;

  @Deactivate
  public void close() {
    Stack.releaseSharedResources(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
