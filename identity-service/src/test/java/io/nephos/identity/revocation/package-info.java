@NullMarked
package io.nephos.identity.revocation;

import org.jspecify.annotations.NullMarked;
