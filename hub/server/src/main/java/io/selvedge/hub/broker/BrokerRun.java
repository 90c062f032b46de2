package io.selvedge.hub.broker;

import io.selvedge.hub.security.TlsFiles;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTInterceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.ActivateCallback;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;

/**
 * Artemis from one start to the next stop. It stops by itself, for good, when its disk refuses one
 * write (ActiveMQServerImpl.DefaultCriticalErrorListener); {@link #failure} says why.
 */
final class BrokerRun implements AutoCloseable {

  private static final long STOP_SECONDS = 60;

  /** Where clients come in; the port is 0 for any free one. */
  record Door(
      String name, String host, int port, Optional<TlsFiles> tls, Map<String, Object> more) {

    Door at(int actual) {
      return new Door(name, host, actual, tls, more);
    }
  }

  private final ActiveMQServerImpl server;
  private final List<MQTTInterceptor> interceptors;
  private final CompletableFuture<String> failure = new CompletableFuture<>();
  private final CountDownLatch stopped = new CountDownLatch(1);

  BrokerRun(
      Configuration configuration, BrokerSecurity security, List<MQTTInterceptor> interceptors) {
    this.server = new ActiveMQServerImpl(configuration, security);
    this.interceptors = interceptors;
    server.registerIOCriticalErrorListener(
        (cause, message, file) ->
            failure.complete(
                (file == null ? "" : "[" + file + "] could not be written or read: ")
                    + (cause.getMessage() == null ? message : cause.getMessage())));
    server.registerActivationFailureListener(
        exception -> failure.complete(String.valueOf(exception.getMessage())));
    server.registerActivateCallback(
        new ActivateCallback() {
          @Override
          public void stop(ActiveMQServer self) {
            stopped.countDown();
          }

          @Override
          public void shutdown(ActiveMQServer self) {
            stopped.countDown();
          }
        });
  }

  void start() throws IOException {
    try {
      server.start();
    } catch (Exception e) { // the broker's own signature
      throw new IOException("broker did not start: " + e.getMessage(), e);
    }
    if (failure.isDone() || !server.isActive()) {
      throw new IOException("broker did not start: " + failure.getNow("its log says why"));
    }
    interceptors.forEach(server.getRemotingService()::addIncomingInterceptor);
  }

  /**
   * Lets clients in.
   *
   * @return the port
   */
  int open(Door door) throws IOException {
    try {
      Acceptor acceptor = server.getRemotingService().createAcceptor(transport(door));
      acceptor.start();
      int actual = ((NettyAcceptor) acceptor).getActualPort();
      if (actual <= 0) {
        throw new IOException("not bound");
      }
      return actual;
    } catch (Exception e) { // the broker's own signature
      throw new IOException(
          "MQTT address ["
              + door.host()
              + ":"
              + door.port()
              + "] cannot be opened: "
              + e.getMessage(),
          e);
    }
  }

  private static TransportConfiguration transport(Door door) {
    Map<String, Object> params = new HashMap<>();
    params.put(TransportConstants.HOST_PROP_NAME, door.host());
    params.put(TransportConstants.PORT_PROP_NAME, door.port());
    params.put(TransportConstants.PROTOCOLS_PROP_NAME, "MQTT");
    if (door.tls().isPresent()) {
      TlsFiles tls = door.tls().get();
      params.put(TransportConstants.SSL_ENABLED_PROP_NAME, true);
      params.put(TransportConstants.KEYSTORE_PATH_PROP_NAME, tls.keyStore().toString());
      params.put(TransportConstants.KEYSTORE_TYPE_PROP_NAME, TlsFiles.TYPE);
      params.put(TransportConstants.KEYSTORE_PASSWORD_PROP_NAME, tls.password());
      params.put(
          TransportConstants.ENABLED_PROTOCOLS_PROP_NAME, String.join(",", TlsFiles.PROTOCOLS));
    }
    return new TransportConfiguration(
        NettyAcceptorFactory.class.getName(), params, door.name(), door.more());
  }

  void throwOut(String gateway) {
    if (!server.isActive()) {
      return; // nobody is in
    }
    for (RemotingConnection connection : server.getRemotingService().getConnections()) {
      if (BrokerSecurity.user(connection.getSubject()).equals(gateway)) {
        connection.fail(new ActiveMQException("password of gateway [" + gateway + "] is void"));
      }
    }
  }

  /** Done when it has stopped, or is about to, by itself; never when it was closed. */
  CompletableFuture<String> failure() {
    return failure;
  }

  ActiveMQServerImpl server() {
    return server;
  }

  /** Returns when its files are free for another run. */
  @Override
  public void close() throws IOException {
    boolean started = server.getState() != ActiveMQServer.SERVER_STATE.STOPPED || failure.isDone();
    try {
      server.stop(false, true); // returns at once where it is stopping by itself
      if (started && !stopped.await(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("it has not stopped within " + STOP_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the broker stopped", e);
    } catch (Exception e) { // the broker's own signature
      throw new IOException("broker did not stop: " + e.getMessage(), e);
    }
  }
}
