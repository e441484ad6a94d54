/** The only package that knows Keycloak: passwords and whether a user exists and is enabled. */
@NullMarked
package io.nephos.identity.keycloak;

import org.jspecify.annotations.NullMarked;
