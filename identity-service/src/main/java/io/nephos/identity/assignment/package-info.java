/** Who has which role on what. */
@NullMarked
package io.nephos.identity.assignment;

import org.jspecify.annotations.NullMarked;
