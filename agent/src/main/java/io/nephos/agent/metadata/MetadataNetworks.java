package io.nephos.agent.metadata;

import java.util.Map;
import java.util.Set;

/** Where guests reach the metadata address: one place on this host for each network that has instances here. */
public interface MetadataNetworks {
    /** For hosts whose guests have no network. */
    MetadataNetworks NONE = new MetadataNetworks() {
        @Override
        public void ensure(String networkId, int mtu) {}

        @Override
        public void release(String networkId) {}

        @Override
        public void keep(Map<String, Integer> wanted) {}

        @Override
        public void quiesce() {}
    };

    /** Makes the address answer on that network. The same call again changes nothing. */
    void ensure(String networkId, int mtu);

    /** Takes all of it away. */
    void release(String networkId);

    /** Repairs what is wanted (network id -> MTU) and takes away what is not. */
    void keep(Map<String, Integer> wanted);

    /** Ends the processes; {@link #keep} brings them back. */
    void quiesce();

    /** MAC address of a network's metadata port; network-service derives the same one from the network's id. */
    static String macOf(String networkId) {
        try {
            byte[] digest = java.security.MessageDigest.getInstance("SHA-256")
                    .digest(networkId.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return "fa:16:3f:" + java.util.HexFormat.ofDelimiter(":").formatHex(digest, 0, 3);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Interface id of a network's metadata port on the integration bridge. */
    static String portOf(String networkId) {
        return "metadata-" + networkId;
    }

    /** Short names of networks, for devices and namespaces. */
    static Set<String> shortNames(Set<String> networkIds) {
        return networkIds.stream().map(MetadataNetworks::shortName).collect(java.util.stream.Collectors.toSet());
    }

    static String shortName(String networkId) {
        return networkId.substring(0, Math.min(8, networkId.length()));
    }
}
