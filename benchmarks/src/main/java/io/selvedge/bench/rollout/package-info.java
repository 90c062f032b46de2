/** Deployments over the air to many gateways: rollouts, rounds of updates, models of strangers. */
@NullMarked
package io.selvedge.bench.rollout;

import org.jspecify.annotations.NullMarked;
