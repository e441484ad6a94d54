@NullMarked
package io.nephos.agent.libvirt;

import org.jspecify.annotations.NullMarked;
