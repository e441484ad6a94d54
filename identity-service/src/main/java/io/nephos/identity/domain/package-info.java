/** Domains, which are projects that own users, groups and projects. */
@NullMarked
package io.nephos.identity.domain;

import org.jspecify.annotations.NullMarked;
