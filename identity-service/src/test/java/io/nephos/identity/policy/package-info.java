@NullMarked
package io.nephos.identity.policy;

import org.jspecify.annotations.NullMarked;
