/** The configuration that a domain has of its own. */
@NullMarked
package io.nephos.identity.domainconfig;

import org.jspecify.annotations.NullMarked;
