/** What all of the Networking API v2.0 shares: errors, rules, lists, discovery. */
@NullMarked
package io.nephos.network.api;

import org.jspecify.annotations.NullMarked;
