package io.nephos.image.image;

import java.util.Locale;

/** Who sees an image besides its owner: nobody, its members, whoever asks for it, everybody. */
public enum Visibility {
    PRIVATE,
    SHARED,
    COMMUNITY,
    PUBLIC;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Visibility of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
