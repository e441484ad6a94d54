/** Trusts: a user lets another act with some of his roles. */
@NullMarked
package io.nephos.identity.trust;

import org.jspecify.annotations.NullMarked;
