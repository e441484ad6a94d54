/** Tokens checked without a remote call: signature, expiry, revocation feed. */
@NullMarked
package io.nephos.kit.token;

import org.jspecify.annotations.NullMarked;
