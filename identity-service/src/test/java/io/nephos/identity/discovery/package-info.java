@NullMarked
package io.nephos.identity.discovery;

import org.jspecify.annotations.NullMarked;
