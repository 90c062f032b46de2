/** A whole driver, as docs/drivers.md tells it: three files and a test. */
@NullMarked
package io.selvedge.testkit.example;

import org.jspecify.annotations.NullMarked;
