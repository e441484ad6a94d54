/** The metadata service (169.254.169.254) of the guests of this host. */
@NullMarked
package io.nephos.agent.metadata;

import org.jspecify.annotations.NullMarked;
