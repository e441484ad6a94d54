package io.nephos.agent.host;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what Linux says of a host. Pure. */
final class HostFacts {
    private static final Pattern MEM_TOTAL = Pattern.compile("(?m)^MemTotal:\\s+(\\d+) kB$");

    private HostFacts() {}

    /**
     * The processors as {@code /proc/cpuinfo} shows them.
     *
     * @param flags of the first one
     */
    record Cpus(int count, int sockets, int coresPerSocket, String vendor, String model, Set<String> flags) {
        int threadsPerCore() {
            return Math.max(1, count / (sockets * coresPerSocket));
        }
    }

    /** MiB of {@code /proc/meminfo}'s MemTotal. */
    static long memoryMib(String meminfo) {
        Matcher matcher = MEM_TOTAL.matcher(meminfo);
        if (!matcher.find()) {
            throw new IllegalArgumentException("/proc/meminfo without MemTotal");
        }
        return Long.parseLong(matcher.group(1)) / 1024;
    }

    static Cpus cpus(String cpuinfo) {
        List<String> blocks = Arrays.stream(cpuinfo.split("\n\n"))
                .filter(block -> block.contains("processor"))
                .toList();
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("/proc/cpuinfo without processors");
        }
        String first = blocks.getFirst();
        int sockets = (int) blocks.stream()
                .map(block -> field(block, "physical id").orElse("0"))
                .distinct()
                .count();
        int cores = Integer.parseInt(field(first, "cpu cores").orElse(String.valueOf(blocks.size() / sockets)));
        return new Cpus(
                blocks.size(),
                sockets,
                Math.max(1, cores),
                field(first, "vendor_id").orElse(""),
                field(first, "model name").orElse(""),
                new TreeSet<>(List.of(field(first, "flags").orElse("").split("\\s+"))));
    }

    private static Optional<String> field(String block, String name) {
        Matcher matcher =
                Pattern.compile("(?m)^" + Pattern.quote(name) + "\\s*: (.*)$").matcher(block);
        return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
    }
}
