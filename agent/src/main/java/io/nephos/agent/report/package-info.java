/** What runs on this host, as told to compute; and how well the agent itself is. */
@NullMarked
package io.nephos.agent.report;

import org.jspecify.annotations.NullMarked;
