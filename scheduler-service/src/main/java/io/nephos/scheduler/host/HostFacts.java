package io.nephos.scheduler.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.contracts.scheduler.v1.NumaCell;
import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.Facts;
import io.vertx.mutiny.sqlclient.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What a host tells beside capacity, as texts in its row. */
public final class HostFacts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<List<Facts.Cell>> CELLS = new TypeReference<>() {};

    private HostFacts() {}

    static String text(Map<String, String> properties) {
        return write(properties);
    }

    static String text(List<NumaCell> cells) {
        return write(cells.stream()
                .map(cell -> new Facts.Cell(
                        cell.getNumber(), cell.getCpus(), cell.getPinnableCpuIdsList(), cell.getMemoryMib()))
                .toList());
    }

    public static Map<String, String> properties(String text) {
        return text.equals("{}") ? Map.of() : read(text, TEXTS);
    }

    public static List<Facts.Cell> cells(String text) {
        return text.equals("[]") ? List.of() : read(text, CELLS);
    }

    /** A row of allocation_cell. */
    public static CellShare share(Row row) {
        return new CellShare(
                row.getInteger("cell"),
                row.getInteger("cpus"),
                row.getLong("memory_mib"),
                cpus(row.getString("pinned")));
    }

    private static List<Integer> cpus(String list) {
        return list.isEmpty()
                ? List.of()
                : Arrays.stream(list.split(",", -1)).map(Integer::valueOf).toList();
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static <T> T read(String text, TypeReference<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A host's row cannot be read: " + text, e);
        }
    }
}
