package io.selvedge.console;

import io.selvedge.console.auth.Auth;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Treats its security provider as the Felix web console does: asks it first, writes nothing where
 * it returns no user, and reads forms by parameter.
 */
final class FakeFelixConsole extends HttpServlet {

  private static final long serialVersionUID = 1;

  private final transient FelixConsoleSecurity security;

  FakeFelixConsole(Auth auth) {
    security = new FelixConsoleSecurity(auth);
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Object user = security.authenticate(request, response);
    if (user == null) {
      return;
    }
    @Nullable String path = request.getPathInfo();
    if (path != null && path.endsWith("/logout")) {
      security.logout(request, response);
      return;
    }
    response.getWriter().print(user + ": " + request.getParameter("action"));
  }
}
