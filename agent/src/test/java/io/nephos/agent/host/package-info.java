@NullMarked
package io.nephos.agent.host;

import org.jspecify.annotations.NullMarked;
