package io.selvedge.mqtt.client;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Private keys in PEM form (RFC 7468): PKCS#8, and the older forms of RSA (PKCS#1) and of elliptic
 * curves (SEC 1, RFC 5915), which are put into the form of PKCS#8 as the Java runtime reads it.
 */
final class Pem {

  private static final Pattern KEY =
      Pattern.compile(
          "-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----([^-]*)-----END \\1-----");

  /** AlgorithmIdentifier of rsaEncryption (RFC 8017, appendix A.1): OID 1.2.840.113549.1.1.1. */
  private static final byte[] RSA = {
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };

  /** OID of id-ecPublicKey (RFC 5480): 1.2.840.10045.2.1. */
  private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int PARAMETERS = 0xa0;

  private Pem() {}

  /**
   * The first private key of a text.
   *
   * @param algorithm of the public key that belongs to it
   */
  static PrivateKey privateKey(String text, String algorithm) throws GeneralSecurityException {
    Matcher found = KEY.matcher(text);
    if (!found.find()) {
      throw new InvalidKeyException("it holds no private key in PEM form");
    }
    String kind = String.valueOf(found.group(1));
    if (kind.startsWith("ENCRYPTED")) {
      throw new InvalidKeyException(
          "the key is encrypted; take the encryption off: openssl pkcs8 -in KEY -nocrypt -topk8");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(String.valueOf(found.group(2)).strip());
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException("the key is no Base64", e);
    }
    byte[] pkcs8 =
        switch (kind) {
          case "RSA PRIVATE KEY" -> wrap(SEQUENCE, VERSION_0, RSA, wrap(OCTET_STRING, der));
          case "EC PRIVATE KEY" ->
              wrap(SEQUENCE, VERSION_0, wrap(SEQUENCE, EC, curve(der)), wrap(OCTET_STRING, der));
          default -> der;
        };
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  /** The curve's OID out of an ECPrivateKey: the content of its field [0]. */
  private static byte[] curve(byte[] der) throws InvalidKeyException {
    int at = header(der, 0); // into the sequence
    while (at < der.length) {
      int content = at + header(der, at);
      int length = length(der, at);
      if (length < 0 || content + length > der.length) {
        break;
      }
      if ((der[at] & 0xff) == PARAMETERS) {
        return Arrays.copyOfRange(der, content, content + length);
      }
      at = content + length;
    }
    throw new InvalidKeyException(
        "the key does not name its curve; convert it: openssl pkcs8 -topk8");
  }

  private static int length(byte[] der, int at) {
    if (at + 1 >= der.length) {
      return -1;
    }
    int first = der[at + 1] & 0xff;
    return first < 0x80 ? first : at + 2 < der.length && first == 0x81 ? der[at + 2] & 0xff : -1;
  }

  private static int header(byte[] der, int at) {
    return at + 1 < der.length && (der[at + 1] & 0x80) != 0 ? 3 : 2;
  }

  /** A DER value of this tag around others. */
  private static byte[] wrap(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }
}
