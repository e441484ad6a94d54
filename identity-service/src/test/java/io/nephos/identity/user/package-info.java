@NullMarked
package io.nephos.identity.user;

import org.jspecify.annotations.NullMarked;
