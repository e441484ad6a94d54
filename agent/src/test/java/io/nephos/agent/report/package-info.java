@NullMarked
package io.nephos.agent.report;

import org.jspecify.annotations.NullMarked;
