/** What a vanished server held is given back. */
@NullMarked
package io.nephos.network.server;

import org.jspecify.annotations.NullMarked;
