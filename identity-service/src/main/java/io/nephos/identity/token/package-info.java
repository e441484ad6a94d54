/** Sign-in, scope, and the signed tokens that come of them. */
@NullMarked
package io.nephos.identity.token;

import org.jspecify.annotations.NullMarked;
