/** Snapshots of the gateway's configuration, and changes of several files as one. */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.api.configuration;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
