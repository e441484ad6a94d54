/** Image bytes as objects of a bucket: Amazon's S3, and what speaks its language. */
@NullMarked
package io.nephos.image.backend.s3;

import org.jspecify.annotations.NullMarked;
