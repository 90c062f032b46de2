package io.selvedge.bus.pi4j;

import com.pi4j.boardinfo.model.BoardInfo;
import com.pi4j.context.Context;
import com.pi4j.context.ContextConfig;
import com.pi4j.context.ContextProperties;
import com.pi4j.event.InitializedListener;
import com.pi4j.event.ShutdownListener;
import com.pi4j.io.IO;
import com.pi4j.platform.Platforms;
import com.pi4j.provider.Providers;
import com.pi4j.registry.Registry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * The one context, as one bundle sees it: shutting it down, as programs written for Pi4J do at
 * their end, gives back what this bundle has made, and leaves the others theirs.
 */
final class SharedContext implements Context {

  private final Context all;
  private final Runnable release;

  /**
   * @param release gives back what the bundle has made
   */
  SharedContext(Context all, Runnable release) {
    this.all = all;
    this.release = release;
  }

  @Override
  public Context shutdown() {
    release.run();
    return this;
  }

  @Override
  public Future<Context> asyncShutdown() {
    return CompletableFuture.completedFuture(shutdown());
  }

  @Override
  public boolean isShutdown() {
    return all.isShutdown();
  }

  @Override
  public ContextConfig config() {
    return all.config();
  }

  @Override
  public ContextProperties properties() {
    return all.properties();
  }

  @Override
  public Providers providers() {
    return all.providers();
  }

  @Override
  public Registry registry() {
    return all.registry();
  }

  @Override
  public Platforms platforms() {
    return all.platforms();
  }

  @Override
  public BoardInfo boardInfo() {
    return all.boardInfo();
  }

  @Override
  public Future<?> submitTask(Runnable task) {
    return all.submitTask(task);
  }

  @Override
  @SuppressWarnings({"rawtypes", "TypeParameterUnusedInFormals"}) // the signature is Pi4J's
  public <T extends IO> T shutdown(String id) {
    return all.shutdown(id);
  }

  @Override
  public Context addListener(ShutdownListener... listeners) {
    Context unused = all.addListener(listeners);
    return this;
  }

  @Override
  public Context removeListener(ShutdownListener... listeners) {
    Context unused = all.removeListener(listeners);
    return this;
  }

  @Override
  public Context removeAllShutdownListeners() {
    return this; // those of others are among them
  }

  @Override
  public Context addListener(InitializedListener... listeners) {
    Context unused = all.addListener(listeners);
    return this;
  }

  @Override
  public Context removeListener(InitializedListener... listeners) {
    Context unused = all.removeListener(listeners);
    return this;
  }

  @Override
  public Context removeAllInitializedListeners() {
    return this;
  }
}
