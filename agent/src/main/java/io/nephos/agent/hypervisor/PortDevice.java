package io.nephos.agent.hypervisor;

/**
 * A network card of a domain.
 *
 * @param id port UUID, the interface id on the integration bridge
 * @param mtu bytes; 0 when not known
 */
public record PortDevice(String id, String mac, int mtu) {
    /** Name of its tap on the host; Linux allows 15 characters. */
    public String tap() {
        return "tap" + id.substring(0, Math.min(11, id.length()));
    }
}
