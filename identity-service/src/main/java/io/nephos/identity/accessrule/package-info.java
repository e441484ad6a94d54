/** Access rules: what a user's application credentials may ask of which service. */
@NullMarked
package io.nephos.identity.accessrule;

import org.jspecify.annotations.NullMarked;
