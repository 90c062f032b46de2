/** Configuration for Kapua: the application CONF-V1. */
@NullMarked
package io.selvedge.remote.conf;

import org.jspecify.annotations.NullMarked;
