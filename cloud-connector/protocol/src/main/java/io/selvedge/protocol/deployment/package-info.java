/** The signed deployment: envelope, document, keys. Written by the hub, verified by the gateway. */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.protocol.deployment;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
