/** Fakes and a contract test for authors of drivers: no hardware, no framework, no mocks. */
@NullMarked
package io.selvedge.testkit;

import org.jspecify.annotations.NullMarked;
