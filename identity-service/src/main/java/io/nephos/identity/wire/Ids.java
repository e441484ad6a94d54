package io.nephos.identity.wire;

import io.nephos.kit.fault.Fault;
import java.util.UUID;

/** Keystone's ids: 32 hexadecimal digits. */
public final class Ids {
    private Ids() {}

    /** An id that the path gives to what is made there. 400 when it is too long, or not text that can be shown. */
    public static String named(String id, int longest) {
        // U+FFFD stands where the bytes of the path were not UTF-8.
        if (id.isBlank()
                || id.length() > longest
                || id.indexOf('\uFFFD') >= 0
                || id.chars().anyMatch(c -> c < ' ')) {
            throw Fault.badRequest("Invalid input for field/attribute id: must be a string of 1 to " + longest
                    + " characters, none of them a control character.");
        }
        return id;
    }

    public static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
