@NullMarked
package io.selvedge.hub.rest;

import org.jspecify.annotations.NullMarked;
