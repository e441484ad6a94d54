package io.nephos.image.image;

import java.time.OffsetDateTime;

/**
 * Bytes that are arriving: in which store and under which key they will lie, which process receives them, and until when it
 * is believed to be alive without saying so again.
 *
 * @param store the empty text is the usual one
 */
public record Transfer(String store, String key, String owner, OffsetDateTime until) {}
