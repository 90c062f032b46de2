package io.selvedge.driver.opcua;

import io.selvedge.api.device.DeviceException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClientConfigBuilder;
import org.eclipse.milo.opcua.sdk.client.identity.UsernameProvider;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.core.util.EndpointUtil;
import org.jspecify.annotations.Nullable;

/** A session with a server: made at the first call, and again after a fault. */
final class Server {

  private final String url;
  private final SecurityPolicy policy;
  private final String fingerprint;
  private final String user;
  private final String password;
  private final int timeoutMillis;
  private final Optional<ClientKey> key;
  private @Nullable OpcUaClient client; // none before the first call and after a fault

  /**
   * @param key who the gateway is; empty where there is no security
   */
  Server(OpcUaConfig config, SecurityPolicy policy, Optional<ClientKey> key) {
    this.url = config.bus().strip();
    this.policy = policy;
    this.fingerprint =
        config.server_certificate().replace(":", "").strip().toLowerCase(Locale.ROOT);
    this.user = config.user();
    this.password = config._password();
    this.timeoutMillis = config.timeout_ms();
    this.key = key;
  }

  List<DataValue> read(List<NodeId> nodes) throws DeviceException, InterruptedException {
    return answer(session().readValuesAsync(0, TimestampsToReturn.Neither, nodes));
  }

  StatusCode write(NodeId node, DataValue value) throws DeviceException, InterruptedException {
    return answer(session().writeValuesAsync(List.of(node), List.of(value))).get(0);
  }

  void close() {
    OpcUaClient old = client;
    client = null;
    if (old != null) {
      var unused = old.disconnectAsync(); // the threads end with the last device, see MiloStack
    }
  }

  private <T> T answer(CompletableFuture<T> future) throws DeviceException, InterruptedException {
    try {
      return future.get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      close();
      throw failed(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      close();
      throw new DeviceException(
          "server [" + url + "] does not answer within [" + timeoutMillis + " ms]", e);
    }
  }

  private OpcUaClient session() throws DeviceException, InterruptedException {
    OpcUaClient current = client;
    if (current != null) {
      return current;
    }
    OpcUaClient fresh;
    try {
      fresh =
          OpcUaClient.create(
              url,
              this::choose,
              transport -> transport.setConnectTimeout(UInteger.valueOf(timeoutMillis)),
              this::configure);
    } catch (UaException e) {
      throw failed(e);
    }
    client = fresh; // so that it is closed where the session does not come about
    answer(fresh.connectAsync());
    return fresh;
  }

  private void configure(OpcUaClientConfigBuilder config) {
    config
        .setApplicationName(LocalizedText.english("Selvedge gateway"))
        .setApplicationUri(ClientKey.APPLICATION)
        .setRequestTimeout(UInteger.valueOf(timeoutMillis))
        .setCertificateValidator((chain, uri, names) -> check(chain.get(0)));
    key.ifPresent(
        k ->
            config
                .setKeyPair(k.pair())
                .setCertificate(k.certificate())
                .setCertificateChain(new X509Certificate[] {k.certificate()}));
    if (!user.isEmpty()) {
      config.setIdentityProvider(new UsernameProvider(user, password));
    }
  }

  /** The endpoint of the wished security, by the address that is known to work from here. */
  private Optional<EndpointDescription> choose(List<EndpointDescription> endpoints) {
    MessageSecurityMode mode =
        policy == SecurityPolicy.None
            ? MessageSecurityMode.None
            : MessageSecurityMode.SignAndEncrypt;
    return endpoints.stream()
        .filter(e -> policy.getUri().equals(e.getSecurityPolicyUri()))
        .filter(e -> mode == e.getSecurityMode())
        .findFirst()
        .map(e -> EndpointUtil.updateUrl(e, EndpointUtil.getHost(url), EndpointUtil.getPort(url)));
  }

  private void check(X509Certificate certificate) throws UaException {
    String seen = fingerprint(certificate);
    if (!seen.equals(fingerprint)) {
      throw new UaException(
          StatusCodes.Bad_CertificateUntrusted,
          "the server's certificate is ["
              + seen
              + "], known is ["
              + fingerprint
              + "]; compare it at the server, then set [server.certificate] to it");
    }
  }

  static String fingerprint(X509Certificate certificate) throws UaException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new UaException(StatusCodes.Bad_CertificateInvalid, e);
    }
  }

  private DeviceException failed(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new DeviceException(
        "server [" + url + "] with security [" + policy + "]: " + root.getMessage(), cause);
  }
}
