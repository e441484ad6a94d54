package io.nephos.compute.quota;

import io.nephos.kit.http.Microversion;
import java.util.Arrays;
import java.util.Optional;

/** What is limited, and how much of it a project has when nobody says otherwise (Nova's defaults). -1 is no limit. */
public enum Quota {
    INSTANCES("instances", 10),
    CORES("cores", 20),
    RAM("ram", 51200),
    METADATA_ITEMS("metadata_items", 128),
    KEY_PAIRS("key_pairs", 100),
    SERVER_GROUPS("server_groups", 10),
    SERVER_GROUP_MEMBERS("server_group_members", 10),
    INJECTED_FILES("injected_files", 0),
    INJECTED_FILE_CONTENT_BYTES("injected_file_content_bytes", 10240),
    INJECTED_FILE_PATH_BYTES("injected_file_path_bytes", 255),
    FIXED_IPS("fixed_ips", -1),
    FLOATING_IPS("floating_ips", -1),
    SECURITY_GROUPS("security_groups", -1),
    SECURITY_GROUP_RULES("security_group_rules", -1);

    private final String wire;
    private final long usual;

    Quota(String wire, long usual) {
        this.wire = wire;
        this.usual = usual;
    }

    public String wire() {
        return wire;
    }

    public long usual() {
        return usual;
    }

    static Optional<Quota> of(String wire) {
        return Arrays.stream(values()).filter(quota -> quota.wire.equals(wire)).findFirst();
    }

    /** Network quotas went with 2.36, those of injected files with 2.57; those of groups were left out from 2.36 to 2.49. */
    boolean shownAt(Microversion version) {
        return switch (this) {
            case FIXED_IPS, FLOATING_IPS, SECURITY_GROUPS, SECURITY_GROUP_RULES -> !version.atLeast(2, 36);
            case INJECTED_FILES, INJECTED_FILE_CONTENT_BYTES, INJECTED_FILE_PATH_BYTES -> !version.atLeast(2, 57);
            case SERVER_GROUPS, SERVER_GROUP_MEMBERS -> !version.atLeast(2, 36) || version.atLeast(2, 50);
            case INSTANCES, CORES, RAM, METADATA_ITEMS, KEY_PAIRS -> true;
        };
    }
}
