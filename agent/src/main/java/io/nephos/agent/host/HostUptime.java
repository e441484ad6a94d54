package io.nephos.agent.host;

import io.nephos.agent.command.Commands;
import java.time.Duration;

/** What Nova's libvirt driver shows of a host: the words of {@code uptime}, which clients take apart again. */
public final class HostUptime {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private HostUptime() {}

    /** " 15:20:40 up 10:06,  1 user,  load average: 1.70, 2.18, 2.85" and a line feed. */
    public static String text() {
        return Commands.run(PATIENCE, "env", "LC_ALL=C", "uptime");
    }
}
