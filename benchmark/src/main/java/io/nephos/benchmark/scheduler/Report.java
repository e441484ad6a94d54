package io.nephos.benchmark.scheduler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One table: a line for each thing measured, a column for each number of hosts, and how much worse it is with the most hosts
 * than with a tenth of them.
 */
final class Report {
    private final Map<String, Row> rows = new LinkedHashMap<>();

    /** Whether more is better, for the last column. */
    enum Better {
        MORE,
        LESS,
        NEITHER
    }

    private record Row(Better better, Map<Integer, Cell> cells) {}

    private record Cell(double value, String shown) {}

    /** @param shown the value and what belongs to it */
    void add(String row, Better better, int hosts, double value, String shown) {
        rows.computeIfAbsent(row, name -> new Row(better, new LinkedHashMap<>()))
                .cells()
                .put(hosts, new Cell(value, shown));
        System.out.printf(Locale.ROOT, "  %,d hosts: %s: %s%n", hosts, row, shown);
    }

    void print() {
        TreeSet<Integer> sizes = new TreeSet<>();
        rows.values().forEach(row -> sizes.addAll(row.cells().keySet()));
        List<List<String>> lines = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of(""));
        sizes.forEach(size -> head.add(String.format(Locale.ROOT, "%,d hosts", size)));
        head.add("times worse than at a tenth");
        lines.add(head);
        rows.forEach((name, row) -> {
            List<String> line = new ArrayList<>(List.of(name));
            sizes.forEach(size -> line.add(
                    Optional.ofNullable(row.cells().get(size)).map(Cell::shown).orElse("")));
            line.add(worse(row, sizes.last()));
            lines.add(line);
        });
        int[] widths = new int[head.size()];
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        System.out.println();
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                text.append(String.format((i == 0 ? "%-" : "  %") + Math.max(1, widths[i]) + "s", line.get(i)));
            }
            System.out.println(text.toString().stripTrailing());
        }
    }

    private static String worse(Row row, int most) {
        Cell large = row.cells().get(most);
        Cell small = row.cells().get(most / 10);
        if (large == null || small == null || row.better() == Better.NEITHER || large.value() * small.value() == 0) {
            return "";
        }
        double times = large.value() / small.value();
        return String.format(Locale.ROOT, "%.1f", row.better() == Better.MORE ? 1 / times : times);
    }
}
