/** What an operator should know. */
@Export
@Version("0.1.0")
@NullMarked
package io.selvedge.api.event;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
