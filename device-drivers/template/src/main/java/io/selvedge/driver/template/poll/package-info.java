/** A thermometer that the kernel shows as a file. */
@NullMarked
package io.selvedge.driver.template.poll;

import org.jspecify.annotations.NullMarked;
