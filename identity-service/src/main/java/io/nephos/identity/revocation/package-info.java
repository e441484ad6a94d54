/** Tokens that are refused before they expire. */
@NullMarked
package io.nephos.identity.revocation;

import org.jspecify.annotations.NullMarked;
