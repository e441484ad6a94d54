package io.nephos.network.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A row as the database has it. */
record OvsdbRow(String uuid, Map<String, Datum> columns) {

    static OvsdbRow read(String uuid, JsonNode json) {
        Map<String, Datum> columns = new HashMap<>();
        json.properties().forEach(column -> columns.put(column.getKey(), Datum.read(column.getValue())));
        return new OvsdbRow(uuid, columns);
    }

    Datum get(String column) {
        return columns.getOrDefault(column, Datum.none());
    }

    Map<String, String> map(String column) {
        return Datum.entries(get(column));
    }

    /** The text of a column of one string; empty when it is not set. */
    Optional<String> text(String column) {
        return Datum.atoms(get(column)).stream().map(String::valueOf).findFirst();
    }

    /** 0 when it is not set. */
    long number(String column) {
        return Datum.atoms(get(column)).stream()
                .filter(Long.class::isInstance)
                .map(Long.class::cast)
                .findFirst()
                .orElse(0L);
    }

    boolean flag(String column) {
        return Datum.atoms(get(column)).contains(true);
    }

    boolean holds(String column, String uuid) {
        return Datum.atoms(get(column)).contains(new Datum.Uuid(uuid));
    }
}
