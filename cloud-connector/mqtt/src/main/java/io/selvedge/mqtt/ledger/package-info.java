/** What was delivered: the gateway's side of the ledger. */
@NullMarked
package io.selvedge.mqtt.ledger;

import org.jspecify.annotations.NullMarked;
