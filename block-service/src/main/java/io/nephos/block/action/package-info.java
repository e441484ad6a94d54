/** Cinder's volume actions: POST /v3/volumes/{id}/action. */
@NullMarked
package io.nephos.block.action;

import org.jspecify.annotations.NullMarked;
