@NullMarked
package io.nephos.identity.endpointfilter;

import org.jspecify.annotations.NullMarked;
