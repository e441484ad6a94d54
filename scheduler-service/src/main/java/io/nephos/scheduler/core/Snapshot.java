package io.nephos.scheduler.core;

import java.util.List;

/** All hosts as the books had them; immutable. */
public record Snapshot(List<Host> hosts) {
    public Snapshot {
        hosts = List.copyOf(hosts);
    }
}
