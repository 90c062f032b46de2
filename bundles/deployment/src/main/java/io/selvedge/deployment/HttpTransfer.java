package io.selvedge.deployment;

import io.selvedge.protocol.transfer.BlockList;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Fetches missing blocks from a web server, in ranges. Whose server it is does not matter: each
 * block is verified. What comes out wrong, or does not come, is left to the hub. Redirections are
 * not followed: they would lead to hosts that nobody has allowed.
 */
final class HttpTransfer {

  /** Without an answer, or without a block. */
  static final Duration TIMEOUT = Duration.ofSeconds(20);

  private static final long LONGEST_RANGE = 4L << 20;
  private static final long LOOK_MILLIS = 50;
  private static final int PARTIAL = 206;

  private final HttpClient client;
  private final Duration timeout;
  private final URI url;
  private final BlockTransfer.Job job;
  private final Pace pace;

  HttpTransfer(URI url, BlockTransfer.Job job, Pace pace, Duration timeout) {
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.timeout = timeout;
    this.url = url;
    this.job = job;
    this.pace = pace;
  }

  /**
   * Fetches until nothing is missing.
   *
   * @throws IOException the server does not give what is asked, or not what it should be
   */
  void run(BooleanSupplier stop) throws TransferException, IOException, InterruptedException {
    BlockList list = job.list();
    BlockFile target = job.target();
    for (int i = target.nextMissing(0); i < list.count(); i = target.nextMissing(i)) {
      long allowed = awaitAllowed(stop);
      int end = i + 1;
      long bytes = list.length(i);
      while (end < list.count()
          && !target.has(end)
          && bytes + list.length(end) <= Math.min(allowed, LONGEST_RANGE)) {
        bytes += list.length(end);
        end++;
      }
      pace.asked(bytes, 0, System.nanoTime());
      range(i, end, stop);
    }
  }

  private long awaitAllowed(BooleanSupplier stop) throws TransferException, InterruptedException {
    while (true) {
      requireGoingOn(stop);
      long allowed = pace.allowed(0, System.nanoTime());
      if (allowed > 0) {
        return allowed;
      }
      Thread.sleep(LOOK_MILLIS); // the budget fills with time and nothing else
    }
  }

  private static void requireGoingOn(BooleanSupplier stop) throws TransferException {
    if (stop.getAsBoolean()) {
      throw new TransferException("stopped");
    }
  }

  private void range(int first, int end, BooleanSupplier stop)
      throws TransferException, IOException, InterruptedException {
    BlockList list = job.list();
    long from = list.offset(first);
    long to = list.offset(end - 1) + list.length(end - 1) - 1;
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(timeout)
            .header("Range", "bytes=" + from + "-" + to)
            .header("Accept-Encoding", "identity")
            .GET()
            .build();
    long asked = System.nanoTime();
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != PARTIAL) {
        throw new IOException(
            "[" + url + "] answered [" + response.statusCode() + "], must answer ranges with 206");
      }
      pace.roundTrip(System.nanoTime() - asked);
      for (int i = first; i < end; i++) {
        requireGoingOn(stop);
        byte[] bytes = read(body, list.length(i));
        ByteBuffer block = ByteBuffer.wrap(bytes);
        if (!job.target().isIntact(i, block)) {
          job.meter().refetched(bytes.length);
          throw new IOException("[" + url + "] gave block [" + i + "] with another SHA-256");
        }
        job.target().write(i, block);
        pace.came(bytes.length, 0, 0, System.nanoTime());
        job.meter().here(job.file(), job.target().done());
      }
    }
  }

  /** The client's own timeout ends with the answer's head; a server may fall silent behind it. */
  private byte[] read(InputStream body, int length) throws IOException {
    CompletableFuture<Boolean> came = new CompletableFuture<>();
    CompletableFuture<Boolean> late =
        came.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(silent -> close(body));
    try {
      return body.readNBytes(length);
    } finally {
      came.complete(true);
      late.cancel(false);
    }
  }

  /** Ends whoever reads it. */
  private static boolean close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      return false; // it is closed
    }
    return true;
  }
}
