/** The routes: what the services say, as JSON, and the pages. */
@NullMarked
package io.selvedge.console.rest;

import org.jspecify.annotations.NullMarked;
