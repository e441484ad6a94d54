@NullMarked
package io.nephos.identity.keycloak;

import org.jspecify.annotations.NullMarked;
