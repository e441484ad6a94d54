package io.nephos.agent.fake;

import java.util.regex.Pattern;

/** How the fake hypervisor fails, and for which servers: those whose host name matches. */
public record FakeFault(Kind kind, Pattern titles) {
    /** What goes wrong. */
    public enum Kind {
        NONE,
        /** Starting the domain is refused, as when QEMU does not come up. */
        BOOT_FAILS,
        /** Once a matching domain is to be started nothing answers any more, as when the host is gone. */
        HOST_VANISHES,
        /** The domain is started, but the answer does not come in time; only the first time. */
        TIMES_OUT_AFTER_EFFECT
    }

    /** {@code boot-fails} and so on, as in the configuration. */
    public static FakeFault of(String kind, String titles) {
        return new FakeFault(
                Kind.valueOf(kind.toUpperCase(java.util.Locale.ROOT).replace('-', '_')), Pattern.compile(titles));
    }

    boolean strikes(Kind asked, String title) {
        return kind == asked && titles.matcher(title).find();
    }
}
