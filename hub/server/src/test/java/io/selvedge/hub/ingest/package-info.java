@NullMarked
package io.selvedge.hub.ingest;

import org.jspecify.annotations.NullMarked;
