package io.selvedge.console;

import io.selvedge.console.http.Router;
import jakarta.servlet.Servlet;
import java.io.Closeable;
import java.io.IOException;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The servlet behind a real web server on a free port of the loopback interface. */
final class ConsoleServer implements Closeable {

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  ConsoleServer(Router router, int port, Servlet console) throws Exception {
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(new ServletHolder(new ConsoleServlet(router)), "/");
    context.addServlet(new ServletHolder(console), "/system/console/*");
    server.setHandler(context);
    server.start();
  }

  int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) { // Jetty declares no less
      throw new IOException(e);
    }
  }
}
