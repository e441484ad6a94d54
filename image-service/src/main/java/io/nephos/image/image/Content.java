package io.nephos.image.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an image.
 *
 * @param size bytes
 * @param virtualSize bytes of the disk that a guest sees; empty when the format does not say
 * @param md5 hexadecimal; the empty text when it was never computed
 * @param sha512 hexadecimal; the empty text when it was never computed
 * @param copies where they lie; never empty
 */
public record Content(long size, Optional<Long> virtualSize, String md5, String sha512, List<Copy> copies) {
    /**
     * One copy: which backend has it, under which key.
     *
     * @param metadata what a client said of it, a JSON object
     */
    public record Copy(String backend, String key, @Nullable String metadata) {
        public Copy(String backend, String key) {
            this(backend, key, null);
        }

        /** Whatever is said of them. */
        boolean sameBytes(Copy other) {
            return backend.equals(other.backend) && key.equals(other.key);
        }
    }

    /** True when that store has one. */
    public boolean lies(String backend) {
        return copies.stream().anyMatch(copy -> copy.backend().equals(backend));
    }

    public Content with(Copy another) {
        List<Copy> all = new ArrayList<>(copies);
        all.add(another);
        return with(all);
    }

    public Content with(List<Copy> others) {
        return new Content(size, virtualSize, md5, sha512, List.copyOf(others));
    }
}
