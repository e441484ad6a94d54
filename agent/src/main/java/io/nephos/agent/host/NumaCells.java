package io.nephos.agent.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads the NUMA cells of a host as Linux shows them under {@code /sys/devices/system/node}. */
public final class NumaCells {
    private static final Path NODES = Path.of("/sys/devices/system/node");
    private static final Pattern NODE = Pattern.compile("node([0-9]+)");
    private static final Pattern MEM_TOTAL = Pattern.compile("MemTotal:\\s+([0-9]+) kB");
    private static final Pattern HUGE = Pattern.compile("hugepages-([0-9]+)kB");

    private NumaCells() {}

    /**
     * A cell.
     *
     * @param cpus numbers of its CPUs that are online
     * @param memoryMib all of it
     * @param hugeMib the part of it that is set aside for huge pages: servers do not get it
     */
    public record Cell(int number, SortedSet<Integer> cpus, long memoryMib, long hugeMib) {
        /** Those that are not given to one guest CPU each, as libvirt writes them. */
        public String shared(SortedSet<Integer> dedicated) {
            return text(cpus.stream().filter(cpu -> !dedicated.contains(cpu)).toList());
        }
    }

    /** By number; empty where Linux does not tell. */
    public static List<Cell> ofThisHost() {
        return read(NODES);
    }

    static List<Cell> read(Path nodes) {
        if (!Files.isDirectory(nodes)) {
            return List.of();
        }
        List<Cell> cells = new ArrayList<>();
        try (Stream<Path> all = Files.list(nodes)) {
            for (Path node : all.toList()) {
                Matcher name = NODE.matcher(node.getFileName().toString());
                if (name.matches()) {
                    cells.add(cell(Integer.parseInt(name.group(1)), node));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cells.sort(Comparator.comparingInt(Cell::number));
        return List.copyOf(cells);
    }

    private static Cell cell(int number, Path node) throws IOException {
        Matcher memory = MEM_TOTAL.matcher(Files.readString(node.resolve("meminfo")));
        long mib = memory.find() ? Long.parseLong(memory.group(1)) / 1024 : 0;
        return new Cell(number, cpus(Files.readString(node.resolve("cpulist"))), mib, huge(node.resolve("hugepages")));
    }

    private static long huge(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        long kib = 0;
        try (Stream<Path> sizes = Files.list(directory)) {
            for (Path size : sizes.toList()) {
                Matcher name = HUGE.matcher(size.getFileName().toString());
                if (name.matches()) {
                    String pages =
                            Files.readString(size.resolve("nr_hugepages")).strip();
                    kib += Long.parseLong(name.group(1)) * Long.parseLong(pages);
                }
            }
        }
        return kib / 1024;
    }

    /** "0-2,5" in numbers; empty when nothing is there. Throws IllegalArgumentException when it is no such list. */
    public static SortedSet<Integer> cpus(String list) {
        SortedSet<Integer> cpus = new TreeSet<>();
        for (String part : list.strip().split(",")) {
            if (part.isBlank()) {
                continue;
            }
            String[] ends = part.strip().split("-", 2);
            try {
                int first = Integer.parseInt(ends[0]);
                int last = ends.length == 1 ? first : Integer.parseInt(ends[1]);
                IntStream.rangeClosed(first, last).forEach(cpus::add);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + list.strip() + "' is not a list of CPUs such as 0-2,5", e);
            }
        }
        return cpus;
    }

    public static String text(List<Integer> cpus) {
        return cpus.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
