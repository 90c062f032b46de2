@NullMarked
package io.selvedge.hub.store;

import org.jspecify.annotations.NullMarked;
