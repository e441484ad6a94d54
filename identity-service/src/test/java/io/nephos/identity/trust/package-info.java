@NullMarked
package io.nephos.identity.trust;

import org.jspecify.annotations.NullMarked;
