/** What the kill benchmark puts into the gateway: sends numbers and says which were accepted. */
@NullMarked
package io.selvedge.bench.injector;

import org.jspecify.annotations.NullMarked;
