/** What is common to all of Nova's API: faults, policy defaults, microversions, discovery, links. */
@NullMarked
package io.nephos.compute.api;

import org.jspecify.annotations.NullMarked;
