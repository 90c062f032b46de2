/** What a model takes in: how a feature is defined, and the one code that computes it. */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.protocol.feature;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
