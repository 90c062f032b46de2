package io.selvedge.protocol.kura;

/**
 * How a sender writes its payloads; a reader understands all of them.
 *
 * @param encoding how they become bytes
 * @param gzip whether {@link PayloadEncoding#KURA_PROTOBUF} is compressed where that is shorter;
 *     JSON never is, since those who ask for it want to read it
 */
public record PayloadFormat(PayloadEncoding encoding, boolean gzip) {

  /** Protocol Buffers, compressed where that is shorter. */
  public static final PayloadFormat DEFAULT =
      new PayloadFormat(PayloadEncoding.KURA_PROTOBUF, true);

  /** The same in another encoding. */
  public PayloadFormat in(PayloadEncoding other) {
    return new PayloadFormat(other, gzip);
  }

  /** For the wire. */
  public byte[] encode(KuraPayload payload) {
    return encoding == PayloadEncoding.SIMPLE_JSON
        ? SimpleJsonWriter.write(payload)
        : compressed(PayloadWriter.write(payload));
  }

  /**
   * For the wire, from what {@link KuraCodec#encodePlain} and {@link KuraCodec#append} made.
   *
   * @throws PayloadException where the bytes are damaged; only JSON has to read them
   */
  public byte[] encodeStored(byte[] plain) throws PayloadException {
    return encoding == PayloadEncoding.SIMPLE_JSON
        ? SimpleJsonWriter.write(PayloadReader.read(plain))
        : compressed(plain);
  }

  private byte[] compressed(byte[] plain) {
    return gzip ? Gzip.shorter(plain) : plain;
  }
}
