/** Training jobs: exported, run as processes of their own, registered. */
@NullMarked
package io.selvedge.hub.training;

import org.jspecify.annotations.NullMarked;
