@NullMarked
package io.selvedge.hub.rollout;

import org.jspecify.annotations.NullMarked;
