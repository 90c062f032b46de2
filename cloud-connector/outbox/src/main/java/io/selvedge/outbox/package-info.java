/**
 * A durable queue in front of the uplink: what it accepts is on disk before it says so. Plain Java;
 * the contract is in {@code docs/outbox.md}.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.outbox;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
