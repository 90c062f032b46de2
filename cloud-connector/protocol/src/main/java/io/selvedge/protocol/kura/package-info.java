/**
 * Topics and payloads of the Kura namespace, as {@code docs/protocol.md} describes them; both ends
 * use this code. Source: Kura documentation, "MQTT namespace", and {@code kurapayload.proto}.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.protocol.kura;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
