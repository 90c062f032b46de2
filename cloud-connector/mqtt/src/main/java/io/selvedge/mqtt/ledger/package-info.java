/**
 * What became of the records of an outbox: the ledger of what was delivered, and a view of what
 * waits and of what was refused. For the connection to the hub, and for bundles that speak another
 * language over MQTT.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.mqtt.ledger;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
