@NullMarked
package io.nephos.agent.instance;

import org.jspecify.annotations.NullMarked;
