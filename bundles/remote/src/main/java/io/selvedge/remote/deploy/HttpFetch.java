package io.selvedge.remote.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one file over HTTP into a part beside it, and goes on where it was cut: by a range, as
 * long as the server has the same file. The part is forced to the disk each {@value #STEP} bytes;
 * what is beyond the last step is not relied on after a restart.
 */
final class HttpFetch {

  static final int STEP = 1 << 20;

  private static final Pattern TAG = Pattern.compile("\"[!#-~]*\"");

  private static final int MOST_CUTS = 6;
  private static final int MOST_REDIRECTS = 5;
  private static final int PARTIAL = 206;
  private static final int RANGE_WRONG = 416;
  private static final int TOO_MANY = 429;

  private final Job.Download download;
  private final Path part;
  private final Path tag;
  private final long most;
  private final Pause pause;
  private final BooleanSupplier cancelled;
  private final LongConsumer progress;
  private long total = -1;
  private long fetched;

  /**
   * @param part holds what is there of the file
   * @param most more bytes are refused
   * @param progress is told the bytes that are there
   */
  HttpFetch(
      Job.Download download,
      Path part,
      long most,
      Pause pause,
      BooleanSupplier cancelled,
      LongConsumer progress) {
    this.download = download;
    this.part = part;
    this.tag = part.resolveSibling(part.getFileName() + ".tag");
    this.most = most;
    this.pause = pause;
    this.cancelled = cancelled;
    this.progress = progress;
  }

  /** Bytes of the whole file; -1 where it is not known yet. */
  long total() {
    return total;
  }

  /** Bytes that came over the network. */
  long fetched() {
    return fetched;
  }

  /**
   * Cuts a part of an earlier process back to what is surely on disk.
   *
   * @return true where something is left
   */
  static boolean trim(Path part) throws IOException {
    if (Files.notExists(part)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      long sure = Math.max(0, channel.size() - 1) / STEP * STEP;
      channel.truncate(sure);
      return sure > 0;
    }
  }

  /**
   * Fetches until all of it is there. A cut is no end: it goes on after a pause, and gives up after
   * six in a row without a single byte.
   *
   * @throws DeployException trying again does not help
   * @throws InterruptedIOException cancelled
   */
  void run() throws IOException, DeployException {
    int cuts = 0;
    while (true) {
      long before = fetched;
      try {
        if (attempt(download.uri(), download.login(), 0)) {
          return;
        }
      } catch (InterruptedIOException e) {
        if (cancelled.getAsBoolean()) {
          throw e;
        }
        cuts = cut(cuts, before, e); // a timeout
      } catch (IOException e) {
        cuts = cut(cuts, before, e);
      }
    }
  }

  private int cut(int cuts, long before, IOException e) throws IOException {
    int now = fetched > before ? 1 : cuts + 1;
    if (now >= MOST_CUTS) {
      throw new IOException(
          "the server at ["
              + download.uri()
              + "] cannot be reached or does not go on: "
              + e.getMessage()
              + "; what is there is kept, ask again later",
          e);
    }
    sleep(250L << Math.min(now, 6));
    return now;
  }

  private void sleep(long millis) throws InterruptedIOException {
    try {
      pause.millis(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelledException();
    }
    if (cancelled.getAsBoolean()) {
      throw cancelledException();
    }
  }

  private static InterruptedIOException cancelledException() {
    return new InterruptedIOException("cancelled");
  }

  /** True where all is there. */
  private boolean attempt(URI uri, Optional<String> login, int redirects)
      throws IOException, DeployException {
    long offset = Files.exists(part) ? Files.size(part) : 0;
    HttpURLConnection connection = open(uri, login, offset);
    try {
      int code = connection.getResponseCode();
      if (code / 100 == 3 && redirects < MOST_REDIRECTS) {
        return redirect(uri, login, redirects, connection.getHeaderField("Location"));
      }
      if (code == RANGE_WRONG && offset > 0) {
        if (("bytes */" + offset).equals(connection.getHeaderField("Content-Range"))) {
          total = offset;
          return true;
        }
        Files.delete(part);
        throw new IOException("the file has become shorter");
      }
      requireGood(uri, code);
      boolean goesOn = code == PARTIAL && rangeFrom(connection) == offset;
      if (code == PARTIAL && !goesOn) {
        Files.deleteIfExists(part);
        throw new IOException("the server sent another range than was asked for");
      }
      long length = connection.getContentLengthLong();
      total = length < 0 ? -1 : length + (goesOn ? offset : 0);
      requireSize(Math.max(total, goesOn ? offset : 0));
      rememberTag(connection.getHeaderField("ETag"));
      return receive(connection, goesOn ? offset : 0);
    } finally {
      connection.disconnect();
    }
  }

  private HttpURLConnection open(URI uri, Optional<String> login, long offset) throws IOException {
    URL url = uri.toURL();
    if (!(url.openConnection() instanceof HttpURLConnection connection)) {
      throw new IOException("[" + uri + "] is no HTTP address");
    }
    connection.setConnectTimeout(download.timeout());
    connection.setReadTimeout(download.timeout());
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept-Encoding", "identity");
    login.ifPresent(
        words ->
            connection.setRequestProperty(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(words.getBytes(StandardCharsets.UTF_8))));
    if (offset > 0) {
      connection.setRequestProperty("Range", "bytes=" + offset + "-");
      String etag = Files.exists(tag) ? Files.readString(tag, StandardCharsets.ISO_8859_1) : "";
      if (TAG.matcher(etag).matches()) { // else the disk has altered it
        connection.setRequestProperty("If-Range", etag);
      }
    }
    return connection;
  }

  private boolean redirect(URI from, Optional<String> login, int redirects, @Nullable String to)
      throws IOException, DeployException {
    if (to == null) {
      throw new DeployException("the server at [" + from + "] redirects to nowhere");
    }
    URI next = from.resolve(to);
    boolean same =
        next.getScheme().equalsIgnoreCase(from.getScheme())
            && next.getHost() != null
            && next.getHost().equalsIgnoreCase(from.getHost())
            && next.getPort() == from.getPort();
    boolean safe = "https".equalsIgnoreCase(next.getScheme()) && next.getHost() != null;
    if (!same && !safe) {
      throw new DeployException(
          "the server at ["
              + from
              + "] redirects to ["
              + next
              + "]; that is followed on the same server only, or to one with https. Name the"
              + " address itself");
    }
    return attempt(next, same ? login : Optional.empty(), redirects + 1);
  }

  private static void requireGood(URI uri, int code) throws IOException, DeployException {
    if (code == HttpURLConnection.HTTP_OK || code == PARTIAL) {
      return;
    }
    if (code >= 500 || code == HttpURLConnection.HTTP_CLIENT_TIMEOUT || code == TOO_MANY) {
      throw new IOException("HTTP status [" + code + "]");
    }
    throw new DeployException(
        "the server answers with HTTP status ["
            + code
            + "] for ["
            + uri
            + "]; see to the address, and to user name and password");
  }

  private void requireSize(long bytes) throws DeployException {
    if (bytes > most) {
      throw new DeployException(
          "the file holds ["
              + bytes
              + "] bytes, and ["
              + most
              + "] are allowed; see package.most.mib of io.selvedge.remote.deploy");
    }
  }

  private static long rangeFrom(HttpURLConnection connection) {
    String range = connection.getHeaderField("Content-Range");
    return range != null && range.matches("bytes \\d{1,18}-.*")
        ? Long.parseLong(range.replaceFirst("bytes (\\d+)-.*", "$1"))
        : -1;
  }

  /** A weak tag does not say that the bytes are the same. */
  private void rememberTag(@Nullable String etag) throws IOException {
    if (etag != null && TAG.matcher(etag).matches()) {
      Files.writeString(tag, etag);
    } else {
      Files.deleteIfExists(tag);
    }
  }

  private boolean receive(HttpURLConnection connection, long offset)
      throws IOException, DeployException {
    long at = offset;
    int sinceDelay = 0;
    byte[] block = new byte[download.blockSize()];
    try (InputStream in = connection.getInputStream();
        FileChannel out =
            FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.truncate(offset);
      out.position(offset);
      for (int n = in.read(block, 0, next(block, at)); n > 0; ) {
        for (ByteBuffer bytes = ByteBuffer.wrap(block, 0, n); bytes.hasRemaining(); ) {
          out.write(bytes);
        }
        at += n;
        fetched += n;
        sinceDelay += n;
        requireSize(at);
        if (at % STEP == 0) {
          out.force(false);
        }
        progress.accept(at);
        if (sinceDelay >= block.length) {
          sinceDelay = 0;
          sleep(download.blockDelay());
        }
        n = in.read(block, 0, next(block, at));
      }
      out.force(true);
    }
    if (at < total) {
      throw new IOException("the connection ended after [" + at + "] of [" + total + "] bytes");
    }
    total = at;
    return true;
  }

  /** No block crosses a step. */
  private static int next(byte[] block, long at) {
    return (int) Math.min(block.length, STEP - at % STEP);
  }
}
