/** Keystone's way of speaking: error bodies, links, lists, attributes that callers add. */
@NullMarked
package io.nephos.identity.wire;

import org.jspecify.annotations.NullMarked;
