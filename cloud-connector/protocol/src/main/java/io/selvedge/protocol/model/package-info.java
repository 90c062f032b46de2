/** The manifest of a model: written by the trainer, checked by the gateway. */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.protocol.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
