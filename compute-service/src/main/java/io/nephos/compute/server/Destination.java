package io.nephos.compute.server;

/** Where a new server is to go; what is empty is left to the scheduler. */
record Destination(String zone, String host, String node) {
    static final Destination ANY = new Destination("", "", "");

    /** "zone", "zone:host", "zone:host:node" or "zone::node". */
    static Destination of(String availabilityZone) {
        String[] parts = availabilityZone.split(":", 3);
        return new Destination(parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
    }

    boolean isForced() {
        return !host.isEmpty() || !node.isEmpty();
    }
}
