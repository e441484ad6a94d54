@NullMarked
package io.nephos.agent.fake;

import org.jspecify.annotations.NullMarked;
