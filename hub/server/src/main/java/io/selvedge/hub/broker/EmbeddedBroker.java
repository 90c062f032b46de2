package io.selvedge.hub.broker;

import io.selvedge.hub.link.Endpoint;
import io.selvedge.hub.security.Secrets;
import io.selvedge.hub.security.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.WildcardConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.apache.activemq.artemis.utils.critical.CriticalAnalyzerPolicy;

/**
 * Apache Artemis within the process: MQTT only, messages kept in a journal on disk, memory bounded
 * (what is above waits on disk). The hub has a door of its own on a free loopback port, so that it
 * listens before the first gateway can speak: open the gateways' door with {@link #open} then.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final String HUB_USER = "HUB";
  private static final String HUB_DOOR = "hub";
  private static final String GATEWAY_DOOR = "gateways";
  private static final String NOWHERE = "nowhere";
  private static final long MEMORY = 64L << 20;
  private static final long MEMORY_PER_ADDRESS = 16L << 20;
  private static final long LEAST_DISK_FREE = 100L << 20;
  private static final int MOST_KEEP_ALIVE_SECONDS = 3600; // what gateways may ask for
  private static final int JOURNAL_FILE = 4 << 20;
  private static final int JOURNAL_WAIT_NANOS = 1_000_000; // how long a write waits for others

  private final ActiveMQServer server;
  private final PacketGuard guard;
  private final String hubPassword;

  /**
   * @param directory for journal and queues
   * @param passwords of gateways
   * @param access what gateways may publish and hear
   */
  public EmbeddedBroker(Path directory, GatewayPasswords passwords, TopicAccess access) {
    this(directory, passwords, access, Secrets.random());
  }

  /**
   * For a hub in another process, which has to know the password.
   *
   * @param hubPassword of the user HUB, at the hub's own door
   */
  public EmbeddedBroker(
      Path directory, GatewayPasswords passwords, TopicAccess access, String hubPassword) {
    this.hubPassword = hubPassword;
    this.server =
        new ActiveMQServerImpl(
            configuration(directory), new BrokerSecurity(HUB_USER, hubPassword, passwords, access));
    this.guard = new PacketGuard(HUB_USER, access);
  }

  /** Starts it and opens the hub's own door on any free port. */
  public Endpoint start() throws IOException {
    return start(0);
  }

  /**
   * Starts it and opens the hub's own door on loopback.
   *
   * @param hubPort 0: any free one
   */
  public Endpoint start(int hubPort) throws IOException {
    try {
      server.start();
      server.getRemotingService().addIncomingInterceptor(guard);
      server.getRemotingService().addIncomingInterceptor(new PacketMends());
      Acceptor door = acceptor(HUB_DOOR, "127.0.0.1", hubPort, Optional.empty());
      door.start();
      int port = ((NettyAcceptor) door).getActualPort();
      return new Endpoint("tcp://127.0.0.1:" + port, HUB_USER, hubPassword);
    } catch (Exception e) { // the broker's own signature
      throw new IOException("broker did not start: " + e.getMessage(), e);
    }
  }

  /**
   * Opens the gateways' door.
   *
   * @param port 0: any free one
   * @param tls empty: in the clear
   * @return the port
   * @throws IOException the port is taken, or the host is not one of this machine
   */
  public int open(String host, int port, Optional<TlsFiles> tls) throws IOException {
    try {
      Acceptor door = acceptor(GATEWAY_DOOR, host, port, tls);
      door.start();
      int actual = ((NettyAcceptor) door).getActualPort();
      if (actual <= 0) {
        throw new IOException("not bound");
      }
      return actual;
    } catch (Exception e) { // the broker's own signature
      throw new IOException(
          "MQTT address ["
              + host
              + ":"
              + port
              + "] cannot be opened ("
              + e.getMessage()
              + "); give another one with --mqtt",
          e);
    }
  }

  private Acceptor acceptor(String name, String host, int port, Optional<TlsFiles> tls) {
    Map<String, Object> params = new HashMap<>();
    params.put(TransportConstants.HOST_PROP_NAME, host);
    params.put(TransportConstants.PORT_PROP_NAME, port);
    params.put(TransportConstants.PROTOCOLS_PROP_NAME, "MQTT");
    if (tls.isPresent()) {
      params.put(TransportConstants.SSL_ENABLED_PROP_NAME, true);
      params.put(TransportConstants.KEYSTORE_PATH_PROP_NAME, tls.get().keyStore().toString());
      params.put(TransportConstants.KEYSTORE_TYPE_PROP_NAME, TlsFiles.TYPE);
      params.put(TransportConstants.KEYSTORE_PASSWORD_PROP_NAME, tls.get().password());
      params.put(
          TransportConstants.ENABLED_PROTOCOLS_PROP_NAME, String.join(",", TlsFiles.PROTOCOLS));
    }
    Map<String, Object> more = new HashMap<>();
    if (!name.equals(HUB_DOOR)) {
      more.put("defaultMqttSessionExpiryInterval", PacketMends.MOST_SECONDS);
      more.put("serverKeepAlive", MOST_KEEP_ALIVE_SECONDS);
    }
    return server
        .getRemotingService()
        .createAcceptor(
            new TransportConfiguration(NettyAcceptorFactory.class.getName(), params, name, more));
  }

  /** Ends the connections of a gateway whose password is void. */
  public void throwOut(String gateway) {
    for (RemotingConnection connection : server.getRemotingService().getConnections()) {
      if (BrokerSecurity.user(connection.getSubject()).equals(gateway)) {
        connection.fail(new ActiveMQException("password of gateway [" + gateway + "] is void"));
      }
    }
  }

  public boolean running() {
    return server.isActive();
  }

  private static Configuration configuration(Path directory) {
    Configuration c = new ConfigurationImpl();
    c.setName("selvedge-hub");
    c.setBrokerInstance(directory.toFile());
    c.setBindingsDirectory(directory.resolve("bindings").toString());
    c.setJournalDirectory(directory.resolve("journal").toString());
    c.setLargeMessagesDirectory(directory.resolve("large").toString());
    c.setPagingDirectory(directory.resolve("paging").toString());
    c.setPersistenceEnabled(true);
    c.setJournalType(JournalType.NIO);
    c.setJournalFileSize(JOURNAL_FILE);
    c.setJournalBufferTimeout_NIO(JOURNAL_WAIT_NANOS);
    c.setJournalSyncTransactional(true); // acknowledged means on disk, not only written
    c.setJournalSyncNonTransactional(true);
    c.setJournalDatasync(true);
    c.setJournalMinFiles(2);
    c.setJournalPoolFiles(8);
    c.setSecurityEnabled(true);
    c.setAuthenticationCacheSize(0); // a void password is void at once; see BrokerSecurity
    c.setClusterPassword(Secrets.random()); // there is no cluster; the default would be a known one
    c.setJMXManagementEnabled(false);
    c.setMessageCounterEnabled(false);
    c.setGracefulShutdownEnabled(false);
    c.setGlobalMaxSize(MEMORY);
    c.setMinDiskFree(LEAST_DISK_FREE);
    c.setCriticalAnalyzerPolicy(CriticalAnalyzerPolicy.LOG);
    c.setWildCardConfiguration(
        new WildcardConfiguration().setDelimiter('/').setSingleWord('+').setAnyWords('#'));
    c.addAddressSetting(
        "#",
        new AddressSettings()
            .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
            .setMaxSizeBytes(MEMORY_PER_ADDRESS)
            .setPageSizeBytes(1 << 20)
            .setMaxDeliveryAttempts(-1)
            .setDeadLetterAddress(SimpleString.of(NOWHERE)) // never used; none would be warned of
            .setExpiryAddress(SimpleString.of(NOWHERE))
            .setAutoDeleteAddresses(true)
            .setAutoDeleteQueues(false));
    c.setAcceptorConfigurations(java.util.Set.of());
    c.setConnectorConfigurations(java.util.Map.of());
    c.setIncomingInterceptorClassNames(List.of());
    return c;
  }

  @Override
  public void close() {
    try {
      server.stop(false, true);
    } catch (Exception e) { // the broker's own signature
      throw new IllegalStateException("broker did not stop: " + e.getMessage(), e);
    }
  }
}
