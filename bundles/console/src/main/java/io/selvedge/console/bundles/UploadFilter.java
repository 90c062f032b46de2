package io.selvedge.console.bundles;

import io.selvedge.console.http.Refusal;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the uploads of the Felix web console's page of bundles, behind the gate of that console,
 * and answers when they are done: with the page, or with the reason why one does not run. All else
 * goes on to that console, and so does what this one itself stands on.
 */
@Component(service = Filter.class)
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=org.apache.felix.webconsole)")
@HttpWhiteboardFilterPattern("/bundles/*")
public final class UploadFilter extends HttpFilter {

  private static final long serialVersionUID = 1;
  private static final Logger log = LoggerFactory.getLogger(UploadFilter.class);
  private static final String QUIET = "/install"; // for programs: no page in the answer

  private final transient BundleUploads uploads;

  @Activate
  public UploadFilter(BundleContext context) {
    uploads = new BundleUploads(context);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!request.getMethod().equals("POST")
        || !String.valueOf(request.getContentType()).startsWith("multipart/form-data")
        || !"install".equals(request.getParameter("action"))) {
      chain.doFilter(request, response);
      return;
    }
    try {
      List<Upload> all = uploads(request);
      for (Upload upload : all) {
        if (uploads.isUnderTheConsole(upload)) {
          chain.doFilter(request, response);
          return;
        }
      }
      for (Upload upload : all) {
        uploads.apply(upload);
      }
      if (request.getRequestURI().endsWith(QUIET)) {
        response.setStatus(HttpServletResponse.SC_OK);
      } else {
        response.sendRedirect(request.getRequestURI());
      }
    } catch (Refusal refusal) {
      log.warn("{}", refusal.getMessage(), refusal.getCause());
      answer(response, refusal.status(), refusal.code() + ": " + refusal.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer(response, 503, "gateway.stopping: the gateway is stopping; try again later");
    }
  }

  private static void answer(HttpServletResponse response, int status, String text)
      throws IOException {
    response.setStatus(status);
    response.setContentType("text/plain");
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    response.getWriter().println(text);
  }

  private static List<Upload> uploads(HttpServletRequest request)
      throws IOException, ServletException, Refusal {
    List<Upload> uploads = new ArrayList<>();
    for (Part part : request.getParts()) {
      if (part.getName().equals("bundlefile")) {
        uploads.add(
            new Upload(
                String.valueOf(part.getSubmittedFileName()),
                part::getInputStream,
                number(request, "uploadid", -1),
                request.getParameter("parallelVersion") != null,
                request.getParameter("bundlestart") != null,
                (int) number(request, "bundlestartlevel", 0),
                request.getParameter("refreshPackages") != null));
      }
    }
    if (uploads.isEmpty()) {
      throw Refusal.badRequest(
          "bundle.missing", "no file came with the upload; it must be in the field [bundlefile]");
    }
    return uploads;
  }

  private static long number(HttpServletRequest request, String field, long otherwise)
      throws Refusal {
    String text = request.getParameter(field);
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new Refusal(
          400, "bundle.malformed", field + " [" + text + "] must be a whole number", e);
    }
  }
}
