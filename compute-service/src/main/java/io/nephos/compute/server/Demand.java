package io.nephos.compute.server;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a flavor and an image ask of a host in Placement's words (Nova administrator's guide, "Extra Specs", "Scheduling
 * with traits"). A host here is one resource provider, so what groups with a suffix ask for is added up. Pure.
 *
 * @param resources amount by resource class
 * @param extraSpecs the flavor's, with what the image says of the same things (hw_cpu_policy) where the flavor says nothing
 * @param impossible why no host can give it, whatever it has; empty when one may
 */
record Demand(
        Map<String, Long> resources,
        Set<String> required,
        Set<String> forbidden,
        Map<String, String> extraSpecs,
        Optional<String> impossible) {
    private static final Pattern RESOURCES = Pattern.compile("resources([a-zA-Z0-9_-]{0,64}):([A-Z0-9_]+)");
    private static final Pattern TRAIT = Pattern.compile("trait[a-zA-Z0-9_-]{0,64}:([A-Z0-9_]+)");
    private static final Map<String, String> OF_IMAGE = Map.of(
            "hw_cpu_policy", "hw:cpu_policy",
            "hw_cpu_thread_policy", "hw:cpu_thread_policy",
            "hw_numa_nodes", "hw:numa_nodes",
            "hw_mem_page_size", "hw:mem_page_size");
    private static final Map<String, String> NOT_OFFERED = Map.of(
            "pci_passthrough:alias",
            "the flavor asks for PCI devices by alias (pci_passthrough:alias), which no host here offers; devices are asked for by their resource"
                    + " class (resources:CUSTOM_...)",
            "accel:device_profile",
            "the flavor asks for an accelerator by device profile (accel:device_profile), which no host here offers");
    private static final String THREADS = "HW_CPU_HYPERTHREADING";

    static Demand of(Map<String, Long> plain, Map<String, String> flavor, Map<String, String> image) {
        Map<String, String> specs = new LinkedHashMap<>(flavor);
        OF_IMAGE.forEach((property, spec) -> {
            String value = image.get(property);
            if (value != null) {
                specs.putIfAbsent(spec, value);
            }
        });
        Draft draft = new Draft(plain);
        draft.processors(specs);
        specs.forEach(draft::extraSpec);
        draft.isolation(specs.getOrDefault("group_policy", "none"));
        image.forEach(draft::trait);
        return draft.demand(specs);
    }

    private static final class Draft {
        private final Map<String, Long> resources;
        private final Map<String, Map<String, Long>> groups = new HashMap<>();
        private final Set<String> required = new TreeSet<>();
        private final Set<String> forbidden = new TreeSet<>();
        private Optional<String> impossible = Optional.empty();

        Draft(Map<String, Long> plain) {
            this.resources = new TreeMap<>(plain);
        }

        /** hw:cpu_policy and hw:cpu_thread_policy: dedicated processors are another resource than shared ones. */
        void processors(Map<String, String> specs) {
            String policy = specs.getOrDefault("hw:cpu_policy", "shared");
            if (policy.equals("dedicated")) {
                long cpus = resources.getOrDefault("VCPU", 0L);
                resources.remove("VCPU");
                resources.put("PCPU", cpus);
            } else if (policy.equals("mixed")) {
                cannot(
                        "the flavor asks for CPUs of its own beside shared ones (hw:cpu_policy 'mixed'), which no host here"
                                + " offers; it may ask for 'dedicated' or 'shared'");
            }
            switch (specs.getOrDefault("hw:cpu_thread_policy", "")) {
                case "isolate" -> forbidden.add(THREADS);
                case "require" -> required.add(THREADS);
                default -> {}
            }
            String pages = specs.getOrDefault("hw:mem_page_size", "small");
            if (!Set.of("small", "any").contains(pages)) {
                cannot("the flavor or the image asks for memory in large pages (hw:mem_page_size '" + pages
                        + "'), which no host here offers; it may ask for 'small' or 'any'");
            }
        }

        void extraSpec(String key, String value) {
            trait(key, value);
            Optional.ofNullable(NOT_OFFERED.get(key)).ifPresent(this::cannot);
            Matcher matcher = RESOURCES.matcher(key);
            if (!matcher.matches()) {
                return;
            }
            if (!value.matches("[0-9]{1,15}")) {
                cannot(key + " is '" + value + "', which is no amount");
                return;
            }
            long amount = Long.parseLong(value);
            String suffix = matcher.group(1);
            String resourceClass = matcher.group(2);
            if (suffix.isEmpty()) {
                resources.put(resourceClass, amount); // in place of what the flavor says otherwise; 0: nothing of it
            } else {
                groups.computeIfAbsent(suffix, group -> new TreeMap<>()).put(resourceClass, amount);
            }
        }

        void trait(String key, String value) {
            Matcher matcher = TRAIT.matcher(key);
            if (matcher.matches()) {
                switch (value) {
                    case "required" -> required.add(matcher.group(1));
                    case "forbidden" -> forbidden.add(matcher.group(1));
                    default -> cannot(key + " is '" + value + "', neither required nor forbidden");
                }
            }
        }

        void isolation(String policy) {
            if (policy.equals("isolate") && groups.size() > 1) {
                cannot("group_policy 'isolate' wants " + groups.size()
                        + " resource providers in one host, and hosts here are one each");
            }
            BiConsumer<String, Long> add = (resourceClass, amount) -> resources.merge(resourceClass, amount, Long::sum);
            groups.values().forEach(group -> group.forEach(add));
        }

        private void cannot(String why) {
            impossible = impossible.or(() -> Optional.of(why));
        }

        Demand demand(Map<String, String> specs) {
            resources.values().removeIf(amount -> amount == 0);
            Set<String> both = new HashSet<>(required);
            both.retainAll(forbidden);
            if (!both.isEmpty()) {
                cannot("trait " + both.iterator().next() + " is both required and forbidden");
            }
            return new Demand(Map.copyOf(resources), Set.copyOf(required), Set.copyOf(forbidden), specs, impossible);
        }
    }
}
