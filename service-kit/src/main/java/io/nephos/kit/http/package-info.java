/** The conventions of OpenStack HTTP services: request ids, microversions, paging, bodies that name the bad field. */
@NullMarked
package io.nephos.kit.http;

import org.jspecify.annotations.NullMarked;
