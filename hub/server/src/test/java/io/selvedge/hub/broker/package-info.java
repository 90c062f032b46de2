@NullMarked
package io.selvedge.hub.broker;

import org.jspecify.annotations.NullMarked;
