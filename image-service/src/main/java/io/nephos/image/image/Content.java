package io.nephos.image.image;

import java.util.List;
import java.util.Optional;

/**
 * The bytes of an image.
 *
 * @param size bytes
 * @param virtualSize bytes of the disk that a guest sees; empty when the format does not say
 * @param md5 hexadecimal
 * @param sha512 hexadecimal
 * @param copies where they lie; never empty
 */
public record Content(long size, Optional<Long> virtualSize, String md5, String sha512, List<Copy> copies) {
    /** One copy: which backend has it, under which key. */
    public record Copy(String backend, String key) {}
}
