@NullMarked
package io.nephos.identity.federation;

import org.jspecify.annotations.NullMarked;
