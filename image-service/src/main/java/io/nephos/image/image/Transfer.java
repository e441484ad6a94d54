package io.nephos.image.image;

import java.time.OffsetDateTime;

/**
 * Bytes that are arriving: under which key they will lie, which process receives them, and until when it is believed to be
 * alive without saying so again.
 */
public record Transfer(String key, String owner, OffsetDateTime until) {}
