/** Users; Keycloak has the user of the same id. */
@NullMarked
package io.nephos.identity.user;

import org.jspecify.annotations.NullMarked;
