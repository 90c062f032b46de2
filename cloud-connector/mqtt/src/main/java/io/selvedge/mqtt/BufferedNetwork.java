package io.selvedge.mqtt;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.client.mqttv3.internal.NetworkModule;

/**
 * The way from Paho to a broker: TCP, or TLS with the host's name checked. Buffered in both
 * directions, since Paho reads headers byte by byte and flushes after each message; no delay.
 */
final class BufferedNetwork implements NetworkModule {

  /** There is nobody at the address, or no way there. */
  static final class Unreachable extends IOException {
    Unreachable(String message) {
      super(message);
    }

    Unreachable(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private static final int BUFFER = 64 * 1024;

  private final URI endpoint;
  private final Duration reachTimeout;
  private final Duration answerTimeout;
  private final Optional<SSLSocketFactory> tls;
  private Optional<Socket> socket = Optional.empty();
  private Optional<InputStream> in = Optional.empty();
  private Optional<OutputStream> out = Optional.empty();

  BufferedNetwork(
      URI endpoint, Duration reachTimeout, Duration answerTimeout, Optional<SSLSocketFactory> tls) {
    this.endpoint = endpoint;
    this.reachTimeout = reachTimeout;
    this.answerTimeout = answerTimeout;
    this.tls = tls;
  }

  @Override
  public synchronized void start() throws IOException {
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.setKeepAlive(true);
      connect(plain);
      Socket ready = tls.isPresent() ? secure(plain, tls.get()) : plain;
      in = Optional.of(new BufferedInputStream(ready.getInputStream(), BUFFER));
      out = Optional.of(new CoalescingOutput(ready.getOutputStream(), "selvedge-uplink-out"));
      socket = Optional.of(ready);
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  private void connect(Socket plain) throws IOException {
    InetSocketAddress address = new InetSocketAddress(endpoint.getHost(), Settings.port(endpoint));
    if (address.isUnresolved()) {
      throw new Unreachable("host [" + endpoint.getHost() + "] has no known address");
    }
    try {
      plain.connect(address, (int) reachTimeout.toMillis());
    } catch (IOException e) {
      throw new Unreachable(e);
    }
  }

  private Socket secure(Socket plain, SSLSocketFactory factory) throws IOException {
    String host = endpoint.getHost();
    SSLSocket secure = (SSLSocket) factory.createSocket(plain, host, Settings.port(endpoint), true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.setSoTimeout((int) answerTimeout.toMillis());
    secure.startHandshake();
    secure.setSoTimeout(0);
    return secure;
  }

  @Override
  public synchronized InputStream getInputStream() throws IOException {
    return in.orElseThrow(() -> new IOException("connection is not started"));
  }

  @Override
  public synchronized OutputStream getOutputStream() throws IOException {
    return out.orElseThrow(() -> new IOException("connection is not started"));
  }

  @Override
  public synchronized void stop() throws IOException {
    try {
      if (out.isPresent()) {
        out.get().close();
      }
    } finally {
      if (socket.isPresent()) {
        socket.get().close();
      }
    }
  }

  @Override
  public String getServerURI() {
    return endpoint.toString();
  }
}
