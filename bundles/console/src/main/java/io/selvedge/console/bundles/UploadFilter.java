package io.selvedge.console.bundles;

import io.selvedge.console.http.Json;
import io.selvedge.console.http.Refusal;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
 *
 * <p>An upload has a thread of its own: Felix interrupts threads that change bundles, and a bundle
 * may never return from its start or stop.
 */
@Component(service = Filter.class)
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=org.apache.felix.webconsole)")
@HttpWhiteboardFilterPattern("/bundles/*")
public final class UploadFilter extends HttpFilter {

  private static final long serialVersionUID = 1;
  private static final Logger log = LoggerFactory.getLogger(UploadFilter.class);
  private static final String QUIET = "/install"; // for programs: no page in the answer
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final transient BundleUploads uploads;
  private final transient Duration limit;

  @Activate
  public UploadFilter(BundleContext context) {
    this(context, LIMIT, PATIENCE);
  }

  /**
   * @param limit how long an answer is waited for
   * @param patience for what is just starting or stopping
   */
  UploadFilter(BundleContext context, Duration limit, Duration patience) {
    uploads = new BundleUploads(context, patience);
    this.limit = limit;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!request.getMethod().equals("POST")
        || !type(request).startsWith("multipart/")
        || !"install".equals(request.getParameter("action"))) {
      chain.doFilter(request, response);
      return;
    }
    try {
      if (!apply(read(request))) {
        chain.doFilter(request, response);
      } else if (request.getRequestURI().endsWith(QUIET)) {
        response.setStatus(HttpServletResponse.SC_OK);
      } else {
        response.sendRedirect(request.getRequestURI());
      }
    } catch (Refusal refusal) {
      answer(response, refusal);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answer(response, new Refusal(503, "gateway.stopping", "the gateway is stopping"));
    }
  }

  private static String type(HttpServletRequest request) {
    return String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT);
  }

  /** False where it is left to the console behind. */
  private boolean apply(List<Upload> all) throws Refusal, InterruptedException {
    FutureTask<Boolean> work = new FutureTask<>(() -> toTheEnd(all));
    Thread thread = new Thread(work, "selvedge-console-upload");
    thread.setDaemon(true);
    thread.start();
    try {
      return work.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new Refusal(
          409,
          "bundle.late",
          all.stream().map(Upload::text).toList()
              + " not done within ["
              + limit.toSeconds()
              + " s]; a bundle that stops or starts may not return. It goes on: see the page of the"
              + " bundles, and log/gateway.log for its end",
          e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Refusal refusal) {
        throw refusal;
      }
      throw new Refusal(
          500,
          "internal",
          "[" + e.getCause() + "] went wrong inside; log/gateway.log says more",
          e);
    }
  }

  /** How it ends is in the log, whether or not somebody still waits for the answer. */
  private boolean toTheEnd(List<Upload> all) throws Refusal {
    try {
      boolean done = uploads.apply(all);
      log.info("{}: {}", all.stream().map(Upload::text).toList(), done ? "done" : "left to Felix");
      return done;
    } catch (Refusal refusal) {
      log.warn("{}: {}", refusal.code(), refusal.getMessage());
      throw refusal;
    } catch (RuntimeException e) {
      log.error("An upload went wrong", e);
      throw e;
    } finally {
      delete(all);
    }
  }

  private static void answer(HttpServletResponse response, Refusal refusal) throws IOException {
    response.setStatus(refusal.status());
    response.setContentType("text/plain");
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.getWriter().println(refusal.code() + ": " + refusal.getMessage());
  }

  /** Copies what came into files of its own, and looks into each. */
  private static List<Upload> read(HttpServletRequest request)
      throws IOException, ServletException, Refusal {
    Upload.Wish wish =
        new Upload.Wish(
            number(request, "uploadid", -1),
            request.getParameter("parallelVersion") != null,
            request.getParameter("bundlestart") != null,
            number(request, "bundlestartlevel", 0),
            request.getParameter("refreshPackages") != null);
    List<Upload> all = new ArrayList<>();
    try {
      for (Part part : request.getParts()) {
        String file = part.getSubmittedFileName();
        if (part.getName().equals("bundlefile") && file != null && !file.isBlank()) {
          all.add(copy(part, file, wish));
        }
      }
    } catch (IOException | Refusal e) {
      delete(all);
      throw e;
    }
    if (all.isEmpty()) {
      throw Refusal.badRequest(
          "upload.malformed",
          "no file came with the upload; choose one, in the field [bundlefile]");
    }
    return all;
  }

  private static Upload copy(Part part, String file, Upload.Wish wish) throws IOException, Refusal {
    Path jar = Files.createTempFile("upload", ".jar");
    try (InputStream in = part.getInputStream()) {
      Files.copy(in, jar, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(jar);
      throw new Refusal(
          507,
          "upload.not_stored",
          "file ["
              + Json.brief(file)
              + "] could not be kept as ["
              + jar
              + "]: "
              + e
              + "; make room",
          e);
    }
    try {
      return Upload.of(file, jar, wish);
    } catch (Refusal e) {
      Files.deleteIfExists(jar);
      throw e;
    }
  }

  private static void delete(List<Upload> all) {
    for (Upload one : all) {
      try {
        Files.deleteIfExists(one.jar());
      } catch (IOException e) {
        log.warn("The copy [{}] of an upload stays", one.jar(), e);
      }
    }
  }

  private static int number(HttpServletRequest request, String field, int otherwise)
      throws Refusal {
    String text = request.getParameter(field);
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new Refusal(
          400,
          "upload.malformed",
          field + " [" + Json.brief(text) + "] must be a whole number, or empty",
          e);
    }
  }
}
