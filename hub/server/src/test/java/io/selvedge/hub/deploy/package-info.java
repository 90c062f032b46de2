@NullMarked
package io.selvedge.hub.deploy;

import org.jspecify.annotations.NullMarked;
