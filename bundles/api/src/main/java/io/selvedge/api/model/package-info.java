/** Machine-learned models on the gateway and what they yield. */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.api.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
