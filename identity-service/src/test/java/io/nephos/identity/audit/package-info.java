@NullMarked
package io.nephos.identity.audit;

import org.jspecify.annotations.NullMarked;
