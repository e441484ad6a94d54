package io.nephos.scheduler.core;

import io.nephos.scheduler.core.Decision.Explanation;
import io.nephos.scheduler.core.Decision.Loss;
import io.nephos.scheduler.core.Decision.NearMiss;
import io.nephos.scheduler.core.Decision.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Filters, then weighs, as Nova's filter scheduler does; pure. */
public final class HostScheduler {
    private static final int NEAREST = 5;
    private final Weights weights;

    public HostScheduler(Weights weights) {
        this.weights = weights;
    }

    public Decision schedule(Snapshot snapshot, Request request) {
        List<Host> left = snapshot.hosts();
        List<Loss> losses = new ArrayList<>();
        for (Filter filter : Filter.ALL) {
            List<Host> passed = left.stream()
                    .filter(host -> filter.passes().test(host, request))
                    .toList();
            if (passed.size() < left.size()) {
                losses.add(new Loss(
                        filter.name(),
                        left.size() - passed.size(),
                        filter.loss().apply(request)));
            }
            left = passed;
        }
        List<Host> fitting = left.stream().filter(host -> fits(host, request)).toList();
        return fitting.isEmpty()
                ? explain(snapshot.hosts().size(), left, losses, request)
                : new Plan(best(fitting, request));
    }

    private static boolean fits(Host host, Request request) {
        return request.resources().entrySet().stream().allMatch(need -> host.fits(need.getKey(), need.getValue()));
    }

    private Host best(List<Host> hosts, Request request) {
        double[] scores = new double[hosts.size()];
        Weigher.ALL.forEach(weigher -> weigher.addTo(scores, hosts, request, weights));
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[best]
                    || scores[i] == scores[best]
                            && tieBreak(hosts.get(i), request) > tieBreak(hosts.get(best), request)) {
                best = i;
            }
        }
        return hosts.get(best);
    }

    /** Spreads equal requests over equal hosts without chance. */
    private static int tieBreak(Host host, Request request) {
        int mixed = 31 * request.consumerId().hashCode() + host.id().hashCode();
        return mixed * 0x9E3779B9 >>> 1;
    }

    private static Explanation explain(int considered, List<Host> left, List<Loss> earlier, Request request) {
        List<Loss> losses = new ArrayList<>(earlier);
        request.resources().forEach((resourceClass, amount) -> {
            long lost = left.stream()
                    .filter(host -> !host.fits(resourceClass, amount))
                    .count();
            if (lost > 0) {
                losses.add(new Loss(resourceClass, (int) lost, lack(left, resourceClass, amount)));
            }
        });
        return new Explanation(summary(considered, losses), considered, losses, nearest(left, request));
    }

    private static String lack(List<Host> hosts, String resourceClass, long amount) {
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

    private static List<NearMiss> nearest(List<Host> hosts, Request request) {
        record Miss(Host host, Map<String, Long> lacking, double distance) {}
        return hosts.stream()
                .map(host -> {
                    Map<String, Long> lacking = lacking(host, request);
                    double distance = lacking.entrySet().stream()
                            .mapToDouble(lack -> (double) lack.getValue()
                                    / request.resources().getOrDefault(lack.getKey(), 1L))
                            .sum();
                    return new Miss(host, lacking, distance);
                })
                .sorted(Comparator.comparingDouble(Miss::distance)
                        .thenComparing(miss -> miss.host().name()))
                .limit(NEAREST)
                .map(miss -> new NearMiss(miss.host().name(), miss.lacking()))
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
}
