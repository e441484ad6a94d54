package io.nephos.scheduler.core;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Which slots of a {@link HostTable} have something: one bit for each, by a key. */
final class Slots {
    private final Map<String, long[]> byKey = new HashMap<>();
    private int words;

    Slots(int words) {
        this.words = words;
    }

    void grow(int newWords) {
        words = newWords;
        byKey.replaceAll((key, bits) -> Arrays.copyOf(bits, newWords));
    }

    void add(String key, int slot) {
        byKey.computeIfAbsent(key, same -> new long[words])[slot >> 6] |= 1L << slot;
    }

    void remove(String key, int slot) {
        long[] bits = byKey.get(key);
        if (bits != null) {
            bits[slot >> 6] &= ~(1L << slot);
        }
    }

    /** Leaves in the mask only what has the key. */
    void keep(long[] mask, String key) {
        long[] bits = byKey.get(key);
        for (int i = 0; i < mask.length; i++) {
            mask[i] &= bits == null ? 0 : bits[i];
        }
    }

    /** Leaves in the mask only what does not have the key. */
    void drop(long[] mask, String key) {
        long[] bits = byKey.get(key);
        for (int i = 0; bits != null && i < mask.length; i++) {
            mask[i] &= ~bits[i];
        }
    }

    /** Leaves in the mask only what has one of the keys. */
    void keepAny(long[] mask, Iterable<String> keys) {
        long[] any = new long[mask.length];
        for (String key : keys) {
            long[] bits = byKey.get(key);
            for (int i = 0; bits != null && i < mask.length; i++) {
                any[i] |= bits[i];
            }
        }
        for (int i = 0; i < mask.length; i++) {
            mask[i] &= any[i];
        }
    }
}
