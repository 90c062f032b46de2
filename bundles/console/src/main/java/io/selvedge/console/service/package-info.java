/** What the console needs of the gateway: its identity and the services that may come and go. */
@NullMarked
package io.selvedge.console.service;

import org.jspecify.annotations.NullMarked;
