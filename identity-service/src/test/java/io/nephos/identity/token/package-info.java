@NullMarked
package io.nephos.identity.token;

import org.jspecify.annotations.NullMarked;
