/** Who did what, from where, with which outcome. */
@NullMarked
package io.nephos.identity.audit;

import org.jspecify.annotations.NullMarked;
