/** How Nephos processes talk to each other: gRPC over mutual TLS, with deadlines, trace context and a peer that is known. */
@NullMarked
package io.nephos.rpc;

import org.jspecify.annotations.NullMarked;
