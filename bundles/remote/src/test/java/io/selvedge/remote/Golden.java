package io.selvedge.remote;

import io.selvedge.api.uplink.Request;
import io.selvedge.protocol.kura.Calls;
import io.selvedge.protocol.kura.KuraCodec;
import io.selvedge.protocol.kura.KuraPayload;
import io.selvedge.protocol.kura.KuraTopic;
import io.selvedge.protocol.kura.PayloadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** The golden payloads of {@code cloud-connector/protocol}, which no class of ours wrote. */
public final class Golden {

  private static final Path FOLDER =
      Path.of("../../cloud-connector/protocol/src/test/resources/golden");

  private Golden() {}

  public static byte[] bytes(String name) throws IOException {
    return HexFormat.of()
        .parseHex(
            Files.readAllLines(FOLDER.resolve(name + ".hex")).stream()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .collect(Collectors.joining()));
  }

  public static KuraPayload payload(String name) throws IOException, PayloadException {
    return KuraCodec.decode(bytes(name));
  }

  /** A request as the handler gets it. */
  public static Request request(String app, Request.Method method, String resource, String name)
      throws IOException, PayloadException {
    return Calls.request(
        new KuraTopic.Call("account-1", "gw-1", app, method, resource), payload(name));
  }
}
