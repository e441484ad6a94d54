package io.nephos.agent.ovs;

/** Open vSwitch cannot be reached or has not got the bridge. */
public final class BridgeUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BridgeUnavailable(String message) {
        super(message);
    }
}
