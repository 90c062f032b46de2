package io.selvedge.console;

import io.selvedge.console.auth.Auth;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets into the Felix web console who is signed in here, by the same gate as everything else. The
 * framework property {@code felix.webconsole.security.providers=selvedge.security} keeps that
 * console away, and its default password with it, until this is there.
 */
@Component(
    service = SecurityProvider.class,
    property = "webconsole.security.provider.id=selvedge.security")
public final class FelixConsoleSecurity implements SecurityProvider {

  private static final String USER = "operator";
  private static final Logger log = LoggerFactory.getLogger(FelixConsoleSecurity.class);

  private final Auth auth;

  @Activate
  public FelixConsoleSecurity(@Reference(name = "auth") Auth auth) {
    this.auth = auth;
  }

  /** Returns the user, or null where the answer that refuses is written already. */
  @Override
  public @Nullable Object authenticate(HttpServletRequest request, HttpServletResponse response) {
    try {
      Call call = ServletCalls.read(request);
      Answer refusal = refusal(call);
      if (refusal == null) {
        return USER;
      }
      ServletCalls.write(refusal, response, call.method().equals("HEAD"));
    } catch (IOException e) {
      log.debug("the client went away", e);
    }
    return null;
  }

  private @Nullable Answer refusal(Call call) {
    try {
      auth.check(call, Route.Access.SIGNED_IN);
      return null;
    } catch (Refusal refusal) {
      boolean leadOn = refusal.status() == 401 && call.isSafe() && call.wantsPage();
      return leadOn ? Answer.redirect("/sign-in") : refusal.answer();
    }
  }

  /** Whoever is signed in may do everything. The console asks it for nothing else. */
  @Override
  public boolean authorize(Object user, String role) {
    return USER.equals(user);
  }

  @Override
  public void logout(HttpServletRequest request, HttpServletResponse response) {
    try {
      Call call = ServletCalls.read(request);
      auth.signOut(call);
      ServletCalls.write(
          Answer.redirect("/sign-in").with("Set-Cookie", auth.noCookie(call.secure())),
          response,
          false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
