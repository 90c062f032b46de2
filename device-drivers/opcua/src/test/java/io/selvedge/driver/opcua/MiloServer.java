package io.selvedge.driver.opcua;

import io.selvedge.testkit.Ports;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.sdk.server.EndpointConfig;
import org.eclipse.milo.opcua.sdk.server.ManagedNamespaceWithLifecycle;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfig;
import org.eclipse.milo.opcua.sdk.server.identity.AnonymousIdentityValidator;
import org.eclipse.milo.opcua.sdk.server.identity.CompositeValidator;
import org.eclipse.milo.opcua.sdk.server.identity.UsernameIdentityValidator;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredItem;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.security.DefaultApplicationGroup;
import org.eclipse.milo.opcua.stack.core.security.DefaultCertificateManager;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateStore;
import org.eclipse.milo.opcua.stack.core.security.MemoryTrustListManager;
import org.eclipse.milo.opcua.stack.core.security.RsaSha256CertificateFactory;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.transport.TransportProfile;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateBuilder;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransport;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransportConfig;

/**
 * A real server on loopback, open and with Basic256Sha256; user {@code line}, password {@code 7}.
 */
final class MiloServer {

  private static final String URI = "urn:selvedge:test-server";

  private final int port;
  private final OpcUaServer server;
  private final Oven oven;
  private final DefaultApplicationGroup certificates;

  MiloServer() throws Exception {
    port = Ports.free();
    certificates =
        DefaultApplicationGroup.createAndInitialize(
            new MemoryTrustListManager(),
            new MemoryCertificateStore(),
            new RsaSha256CertificateFactory() {
              @Override
              protected X509Certificate[] createRsaSha256CertificateChain(KeyPair pair)
                  throws Exception {
                return new X509Certificate[] {
                  new SelfSignedCertificateBuilder(pair)
                      .setCommonName("oven")
                      .setApplicationUri(URI)
                      .build()
                };
              }
            },
            (chain, uri, names) -> {});
    server =
        new OpcUaServer(
            OpcUaServerConfig.builder()
                .setApplicationName(LocalizedText.english("oven"))
                .setApplicationUri(URI)
                .setProductUri(URI)
                .setCertificateManager(
                    new DefaultCertificateManager(new MemoryCertificateQuarantine(), certificates))
                .setIdentityValidator(
                    new CompositeValidator(
                        AnonymousIdentityValidator.INSTANCE,
                        new UsernameIdentityValidator(
                            challenge ->
                                challenge.getUsername().equals("line")
                                    && challenge.getPassword().equals("7"))))
                .setEndpoints(
                    Set.of(
                        endpoint(SecurityPolicy.None, MessageSecurityMode.None),
                        endpoint(
                            SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt)))
                .build(),
            profile -> new OpcTcpServerTransport(OpcTcpServerTransportConfig.newBuilder().build()));
    oven = new Oven(server);
    oven.startup();
    server.startup().get(30, TimeUnit.SECONDS);
  }

  private EndpointConfig endpoint(SecurityPolicy policy, MessageSecurityMode mode) {
    return EndpointConfig.newBuilder()
        .setTransportProfile(TransportProfile.TCP_UASC_UABINARY)
        .setBindAddress("127.0.0.1")
        .setBindPort(port)
        .setHostname("no-such-name.invalid") // as servers behind a router answer
        .setCertificate(this::certificate)
        .setSecurityPolicy(policy)
        .setSecurityMode(mode)
        .addTokenPolicies(
            OpcUaServerConfig.USER_TOKEN_POLICY_ANONYMOUS,
            OpcUaServerConfig.USER_TOKEN_POLICY_USERNAME)
        .build();
  }

  private X509Certificate certificate() {
    return certificates.getCertificateChain(NodeIds.RsaSha256ApplicationCertificateType)
        .orElseThrow()[0];
  }

  String fingerprint() throws Exception {
    return Server.fingerprint(certificate());
  }

  String url() {
    return "opc.tcp://127.0.0.1:" + port;
  }

  void set(String node, DataValue value) {
    oven.node(node).setValue(value);
  }

  void set(String node, Object value) {
    set(node, new DataValue(new Variant(value)));
  }

  Object get(String node) {
    return Objects.requireNonNull(oven.node(node).getValue().getValue().getValue());
  }

  void stop() throws Exception {
    oven.shutdown();
    server.shutdown().get(30, TimeUnit.SECONDS);
  }

  /** Namespace 2 with its variables. */
  private static final class Oven extends ManagedNamespaceWithLifecycle {

    private final Map<String, UaVariableNode> nodes = new HashMap<>();

    Oven(OpcUaServer server) {
      super(server, "urn:selvedge:oven");
      getLifecycleManager()
          .addStartupTask(
              () -> {
                add("Oven.T", NodeIds.Double, -12.5);
                add("Oven.Set point", NodeIds.Float, 20f);
                add("Oven.Parts", NodeIds.UInt32, UInteger.valueOf(7));
                add("Oven.Level", NodeIds.Int16, (short) 3);
                add("Oven.On", NodeIds.Boolean, true);
                add("Oven.State", NodeIds.String, "heating");
              });
    }

    private void add(String id, NodeId type, Object value) {
      UaVariableNode node =
          new UaVariableNode.UaVariableNodeBuilder(getNodeContext())
              .setNodeId(newNodeId(id))
              .setBrowseName(newQualifiedName(id))
              .setDisplayName(LocalizedText.english(id))
              .setDataType(type)
              .setTypeDefinition(NodeIds.BaseDataVariableType)
              .setAccessLevel(AccessLevel.READ_WRITE)
              .setUserAccessLevel(AccessLevel.READ_WRITE)
              .setValue(new DataValue(new Variant(value)))
              .build();
      getNodeManager().addNode(node);
      nodes.put(id, node);
    }

    UaVariableNode node(String id) {
      return Objects.requireNonNull(nodes.get(id), id);
    }

    @Override
    public void onDataItemsCreated(List<DataItem> items) {}

    @Override
    public void onDataItemsModified(List<DataItem> items) {}

    @Override
    public void onDataItemsDeleted(List<DataItem> items) {}

    @Override
    public void onMonitoringModeChanged(List<MonitoredItem> items) {}
  }
}
