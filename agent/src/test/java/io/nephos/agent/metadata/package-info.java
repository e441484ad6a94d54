@NullMarked
package io.nephos.agent.metadata;

import org.jspecify.annotations.NullMarked;
