/** Where volumes are kept: services, pools and availability zones. */
@NullMarked
package io.nephos.block.pool;

import org.jspecify.annotations.NullMarked;
