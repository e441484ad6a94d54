/** An instance on this host: what is wanted, what is there, and the steps from one to the other. */
@NullMarked
package io.nephos.agent.instance;

import org.jspecify.annotations.NullMarked;
