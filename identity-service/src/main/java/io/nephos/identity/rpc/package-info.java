/** What the other services ask of identity. */
@NullMarked
package io.nephos.identity.rpc;

import org.jspecify.annotations.NullMarked;
