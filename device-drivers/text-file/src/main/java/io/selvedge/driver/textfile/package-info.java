/** A number or a text in a file. */
@NullMarked
package io.selvedge.driver.textfile;

import org.jspecify.annotations.NullMarked;
