/** Tests of what projects may have. */
@org.jspecify.annotations.NullMarked
package io.nephos.image.quota;
