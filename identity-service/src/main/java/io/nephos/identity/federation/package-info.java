/** Identity providers that vouch for users: their protocols, the mapping of what they say, sign-in with it. */
@NullMarked
package io.nephos.identity.federation;

import org.jspecify.annotations.NullMarked;
