/** OS-EP-FILTER: which endpoints a project's catalog shows, one by one or by groups. */
@NullMarked
package io.nephos.identity.endpointfilter;

import org.jspecify.annotations.NullMarked;
