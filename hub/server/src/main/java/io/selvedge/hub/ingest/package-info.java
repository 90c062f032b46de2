/** What gateways send, decoded and stored once. */
@NullMarked
package io.selvedge.hub.ingest;

import org.jspecify.annotations.NullMarked;
