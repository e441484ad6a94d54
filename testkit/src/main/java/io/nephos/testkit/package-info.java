/** For tests only: the real PostgreSQL, Kafka and Keycloak, certificates, signed tokens, peers that a test plays itself. */
@NullMarked
package io.nephos.testkit;

import org.jspecify.annotations.NullMarked;
