package io.nephos.scheduler.core;

import io.nephos.scheduler.core.Decision.Explanation;
import io.nephos.scheduler.core.Decision.Loss;
import io.nephos.scheduler.core.Decision.NearMiss;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The explanation as it is defined: every filter is asked about every host. */
final class ByEveryHost {
    private ByEveryHost() {}

    static Explanation explain(List<Host> hosts, List<Filter> filters, Request request) {
        List<Host> left = hosts;
        List<Loss> losses = new ArrayList<>();
        for (Filter filter : filters) {
            List<Host> passed =
                    left.stream().filter(host -> filter.passes(host, request)).toList();
            if (passed.size() < left.size()) {
                losses.add(new Loss(filter.name(), left.size() - passed.size(), filter.loss(request)));
            }
            left = passed;
        }
        for (Map.Entry<String, Long> need : request.resources().entrySet()) {
            List<Host> lacking = left.stream()
                    .filter(host -> !host.fits(need.getKey(), need.getValue()))
                    .toList();
            if (!lacking.isEmpty()) {
                losses.add(new Loss(
                        need.getKey(),
                        lacking.size(),
                        lacks(lacking, lacking.size() == left.size(), need.getKey(), need.getValue())));
            }
        }
        List<String> said = losses.stream()
                .map(loss -> loss.lost() + " of " + hosts.size() + " hosts " + loss.detail())
                .toList();
        String summary = "No valid host was found: "
                + (hosts.isEmpty() ? "no host has reported to the scheduler yet" : String.join("; ", said)) + ".";
        return new Explanation(summary, hosts.size(), losses, nearest(hosts, filters, request));
    }

    private static String lacks(List<Host> lacking, boolean all, String name, long amount) {
        long most =
                lacking.stream().mapToLong(host -> host.available(name)).max().orElse(0);
        List<Host> with = lacking.stream()
                .filter(host -> host.inventories().containsKey(name))
                .toList();
        long largest = with.stream()
                .mapToLong(host -> host.giving(host.used(), List.of()).available(name))
                .max()
                .orElse(0);
        String more = amount > largest && largest > most ? "; no server can have more than " + largest : "";
        return with.isEmpty()
                ? "have no " + name + " (needs " + amount + ")"
                : "lack " + name + " (needs " + amount + ", the most free on one " + (all ? "host" : "of them") + " is "
                        + most + more + ")";
    }

    private static List<NearMiss> nearest(List<Host> hosts, List<Filter> filters, Request request) {
        return hosts.stream()
                .map(host -> new NearMiss(
                        host.name(),
                        lacking(host, request),
                        filters.stream()
                                .filter(filter -> !filter.passes(host, request))
                                .map(Filter::name)
                                .toList()))
                .filter(miss -> !miss.failed().isEmpty() || !miss.lacking().isEmpty())
                .sorted(Comparator.comparingInt((NearMiss miss) -> miss.failed().size())
                        .thenComparingDouble(miss -> distance(miss, request))
                        .thenComparing(NearMiss::host))
                .limit(5)
                .toList();
    }

    private static Map<String, Long> lacking(Host host, Request request) {
        Map<String, Long> lacking = new TreeMap<>();
        request.resources().forEach((resourceClass, amount) -> {
            if (!host.fits(resourceClass, amount)) {
                lacking.put(resourceClass, Math.max(1, amount - host.available(resourceClass)));
            }
        });
        return lacking;
    }

    private static double distance(NearMiss miss, Request request) {
        double distance = 0;
        for (Map.Entry<String, Long> lack : miss.lacking().entrySet()) {
            distance += (double) lack.getValue() / request.resources().getOrDefault(lack.getKey(), 1L);
        }
        return distance;
    }
}
