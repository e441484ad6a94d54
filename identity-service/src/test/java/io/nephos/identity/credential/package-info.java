@NullMarked
package io.nephos.identity.credential;

import org.jspecify.annotations.NullMarked;
