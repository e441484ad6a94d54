package io.nephos.identity.wire;

import java.util.UUID;

/** Keystone's ids: 32 hexadecimal digits. */
public final class Ids {
    private Ids() {}

    public static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
