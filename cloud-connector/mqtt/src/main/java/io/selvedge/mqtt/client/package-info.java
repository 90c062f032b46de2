/**
 * A client for MQTT that makes one connection at a time and never by itself: for the connection to
 * the hub, and for bundles that speak another language over MQTT.
 */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.mqtt.client;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
