/** What a project owns of networks, over all nouns. */
@NullMarked
package io.nephos.network.project;

import org.jspecify.annotations.NullMarked;
