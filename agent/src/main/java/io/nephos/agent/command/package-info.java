/** Programs of the host that the agent runs. */
@NullMarked
package io.nephos.agent.command;

import org.jspecify.annotations.NullMarked;
