package io.nephos.scheduler.core;

import io.nephos.scheduler.core.Decision.Explanation;
import io.nephos.scheduler.core.Decision.Loss;
import io.nephos.scheduler.core.Decision.NearMiss;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Says why: looks at every host, one filter after the other. */
final class Explainer {
    private static final int NEAREST = 5;

    private Explainer() {}

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
        losses.addAll(lackingResources(left, request));
        return new Explanation(
                summary(hosts.size(), losses), hosts.size(), List.copyOf(losses), nearest(hosts, filters, request));
    }

    private static List<Loss> lackingResources(List<Host> hosts, Request request) {
        List<Loss> losses = new ArrayList<>();
        request.resources().forEach((resourceClass, amount) -> {
            int lost = (int) hosts.stream()
                    .filter(host -> !host.fits(resourceClass, amount))
                    .count();
            if (lost > 0) {
                losses.add(new Loss(resourceClass, lost, lacks(hosts, resourceClass, amount)));
            }
        });
        return losses;
    }

    private static String lacks(List<Host> hosts, String resourceClass, long amount) {
        long most = hosts.stream()
                .mapToLong(host -> host.available(resourceClass))
                .max()
                .orElse(0);
        return "lack " + resourceClass + " (needs " + amount + ", the most free on one host is " + most + ")";
    }

    private static String summary(int considered, List<Loss> losses) {
        if (considered == 0) {
            return "No valid host was found: no host has reported to the scheduler yet.";
        }
        return "No valid host was found: "
                + String.join(
                        "; ",
                        losses.stream()
                                .map(loss -> loss.lost() + " of " + considered + " hosts " + loss.detail())
                                .toList())
                + ".";
    }

    private record Miss(Host host, Map<String, Long> lacking, List<String> failed, double distance) {}

    private static List<NearMiss> nearest(List<Host> hosts, List<Filter> filters, Request request) {
        return hosts.stream()
                .map(host -> miss(host, filters, request))
                .filter(miss -> !miss.failed().isEmpty() || !miss.lacking().isEmpty())
                .sorted(Comparator.comparingInt((Miss miss) -> miss.failed().size())
                        .thenComparingDouble(Miss::distance)
                        .thenComparing(miss -> miss.host().name()))
                .limit(NEAREST)
                .map(miss -> new NearMiss(miss.host().name(), miss.lacking(), miss.failed()))
                .toList();
    }

    private static Miss miss(Host host, List<Filter> filters, Request request) {
        List<String> failed = filters.stream()
                .filter(filter -> !filter.passes(host, request))
                .map(Filter::name)
                .toList();
        Map<String, Long> lacking = new TreeMap<>();
        double distance = 0;
        for (Map.Entry<String, Long> need : request.resources().entrySet()) {
            if (!host.fits(need.getKey(), need.getValue())) {
                long missing = Math.max(1, need.getValue() - host.available(need.getKey()));
                lacking.put(need.getKey(), missing);
                distance += (double) missing / need.getValue();
            }
        }
        return new Miss(host, lacking, failed, distance);
    }
}
