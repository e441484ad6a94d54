/** EC2 access keys, and tokens for requests that were signed with them as EC2 or S3 have it. */
@NullMarked
package io.nephos.identity.ec2;

import org.jspecify.annotations.NullMarked;
