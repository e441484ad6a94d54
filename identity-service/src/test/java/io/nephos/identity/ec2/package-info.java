@NullMarked
package io.nephos.identity.ec2;

import org.jspecify.annotations.NullMarked;
