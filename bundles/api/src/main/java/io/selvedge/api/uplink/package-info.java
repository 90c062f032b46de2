/** The way to the hub: messages that are kept until delivered, requests and replies. */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.api.uplink;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
