package io.selvedge.console;

import io.selvedge.console.auth.Auth;
import io.selvedge.console.http.Answer;
import io.selvedge.console.http.Call;
import io.selvedge.console.http.Refusal;
import io.selvedge.console.http.Route;
import io.selvedge.console.http.Router;
import io.selvedge.console.rest.DeploymentRoutes;
import io.selvedge.console.rest.DeviceRoutes;
import io.selvedge.console.rest.DistributionRoutes;
import io.selvedge.console.rest.FlowRoutes;
import io.selvedge.console.rest.History;
import io.selvedge.console.rest.ModelRoutes;
import io.selvedge.console.rest.OutboxRoutes;
import io.selvedge.console.rest.Pages;
import io.selvedge.console.rest.SessionRoutes;
import io.selvedge.console.rest.SetupRoutes;
import io.selvedge.console.rest.SnapshotRoutes;
import io.selvedge.console.rest.StatusRoutes;
import io.selvedge.console.service.Gateway;
import io.selvedge.console.service.Services;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All routes of the gateway, behind one gate: there is no moment at which a route is served and its
 * gate is not there yet, as there could be with a filter of its own. It takes every path that
 * nobody else has claimed.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletPattern("/")
public final class ConsoleServlet extends HttpServlet {

  private static final long serialVersionUID = 1;
  private static final Logger log = LoggerFactory.getLogger(ConsoleServlet.class);

  private final transient Router router;

  @Activate
  public ConsoleServlet(
      BundleContext context,
      @Reference(name = "auth") Auth auth,
      @Reference(name = "services") Services services,
      @Reference(name = "history") History history) {
    this(router(Gateway.of(context), auth, services, history, Clock.systemUTC()));
  }

  ConsoleServlet(Router router) {
    this.router = router;
  }

  /** All routes, and the gate in front of them. */
  static Router router(
      Gateway gateway, Auth auth, Services services, History history, Clock clock) {
    Pages pages = new Pages(gateway, auth);
    List<Route> routes = new ArrayList<>();
    routes.addAll(new StatusRoutes(gateway, services, clock).routes());
    routes.addAll(new DeviceRoutes(services, history).routes());
    routes.addAll(new SetupRoutes(services).routes());
    routes.addAll(new FlowRoutes(services).routes());
    routes.addAll(new DistributionRoutes(services).routes());
    routes.addAll(new OutboxRoutes(services).routes());
    routes.addAll(new ModelRoutes(services).routes());
    routes.addAll(new DeploymentRoutes(services).routes());
    routes.addAll(new SnapshotRoutes(services).routes());
    routes.addAll(new SessionRoutes(auth, pages).routes());
    routes.addAll(pages.routes());
    return new Router(auth, routes);
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Call call = ServletCalls.read(request);
    Answer answer = answer(call);
    if (answer.status() == 401
        && call.isSafe()
        && call.wantsPage()
        && !call.path().equals("/sign-in")) {
      answer = Answer.redirect("/sign-in"); // a person, not a program
    }
    ServletCalls.write(answer, response, request.getMethod().equals("HEAD"));
  }

  private Answer answer(Call call) {
    try {
      return router.handle(call);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Refusal(503, "gateway.stopping", "the gateway is stopping; try again later")
          .answer();
    } catch (IOException | RuntimeException e) {
      // A disk may be full; a service of another bundle may throw anything, or go away meanwhile.
      log.warn("{} {} went wrong", call.method(), call.path(), e);
      return new Refusal(
              500,
              "internal",
              "[" + e.getClass().getSimpleName() + "] went wrong inside; log/gateway.log says more")
          .answer();
    }
  }
}
