package io.nephos.network.ovn;

import io.nephos.network.fabric.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Northbound row as it should be. Its key, kept in {@code external_ids:nephos:key}, starts with its scope:
 * "network/ID", "network/ID/dhcp/SUBNET".
 */
final class Wanted {
    static final String KEY = "nephos:key";

    /** Where a row that is no root hangs: a set of strong references in another row. */
    record Parent(Datum.Ref row, String column) {}

    final String table;
    final String key;
    final Map<String, Datum> columns = new LinkedHashMap<>();
    final List<Datum.Ref> portGroups = new ArrayList<>();
    private final Map<String, String> externalIds = new TreeMap<>();
    private Optional<Parent> parent = Optional.empty();

    Wanted(String table, String key) {
        this.table = table;
        this.key = key;
        id(KEY, key);
    }

    Wanted with(String column, Datum value) {
        columns.put(column, value);
        return this;
    }

    Wanted with(String column, Object atom) {
        return with(column, Datum.of(atom));
    }

    Wanted with(String column, Map<String, String> entries) {
        return with(column, Datum.map(entries));
    }

    Wanted id(String name, String value) {
        externalIds.put(name, value);
        columns.put("external_ids", Datum.map(externalIds));
        return this;
    }

    Wanted in(String parentTable, String parentKey, String column) {
        parent = Optional.of(new Parent(new Datum.Ref(parentTable, parentKey), column));
        return this;
    }

    Wanted member(String portGroupKey) {
        portGroups.add(new Datum.Ref("Port_Group", portGroupKey));
        return this;
    }

    Optional<Parent> parent() {
        return parent;
    }

    Datum.Ref ref() {
        return new Datum.Ref(table, key);
    }

    static Scope scope(String key) {
        String[] parts = key.split("/", 3);
        return new Scope(parts[0], parts[1]);
    }
}
