@NullMarked
package io.nephos.agent.image;

import org.jspecify.annotations.NullMarked;
