/** Roles and which role implies which. */
@NullMarked
package io.nephos.identity.role;

import org.jspecify.annotations.NullMarked;
