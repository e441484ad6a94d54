/** Hosts as Nova shows them: hypervisors, services, availability zones. */
@NullMarked
package io.nephos.compute.host;

import org.jspecify.annotations.NullMarked;
