/** Kills gateways amid deployments, with an oracle outside of them. */
@org.jspecify.annotations.NullMarked
package io.selvedge.bench.ota;
