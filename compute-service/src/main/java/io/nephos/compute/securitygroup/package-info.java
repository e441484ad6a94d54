/** Nova's deprecated security group API, in front of network-service. */
@NullMarked
package io.nephos.compute.securitygroup;

import org.jspecify.annotations.NullMarked;
