/** What this host is and has, as told to the scheduler. */
@NullMarked
package io.nephos.agent.host;

import org.jspecify.annotations.NullMarked;
