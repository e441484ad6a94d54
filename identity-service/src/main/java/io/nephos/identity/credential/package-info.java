/** Application credentials, and the secrets that Keystone keeps for users. */
@NullMarked
package io.nephos.identity.credential;

import org.jspecify.annotations.NullMarked;
