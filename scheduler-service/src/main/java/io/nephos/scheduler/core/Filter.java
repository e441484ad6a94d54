package io.nephos.scheduler.core;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A hard constraint other than capacity, under Nova's name for it ("required" and its like are Placement's). */
interface Filter {
    String name();

    /** False when the request asks nothing of it: then every host passes. */
    boolean concerns(Request request);

    boolean passes(Host host, Request request);

    /** {@link #passes} of many hosts: what the request says is read once. */
    default Predicate<Host> asked(Request request) {
        return host -> passes(host, request);
    }

    /** What is said of the hosts lost, after "2 of 3 hosts ". */
    String loss(Request request);

    /** Drops from the mask what does not pass, if an index can tell; true when nobody has to ask {@link #passes} any more. */
    default boolean narrow(HostTable table, Request request, long[] mask) {
        return false;
    }

    /** Of these parts. */
    static Filter of(String name, Concern concern, Pass pass, Narrow narrow, Loss loss) {
        return new Filter() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean concerns(Request request) {
                return concern.of(request);
            }

            @Override
            public boolean passes(Host host, Request request) {
                return pass.of(host, request);
            }

            @Override
            public String loss(Request request) {
                return loss.of(request);
            }

            @Override
            public boolean narrow(HostTable table, Request request, long[] mask) {
                return narrow.of(table, request, mask);
            }
        };
    }

    static Filter of(String name, Concern concern, Pass pass, String loss) {
        return of(name, concern, pass, UNINDEXED, request -> loss);
    }

    /** No index can tell. */
    Narrow UNINDEXED = (table, request, mask) -> false;

    /** What was asked for under these keys, to be said after the loss: {@code " (arch = x86_64)"}; "" when nothing was. */
    static String shown(Map<String, String> all, Predicate<String> keys) {
        String shown = new TreeMap<>(all)
                .entrySet().stream()
                        .filter(entry -> keys.test(entry.getKey()))
                        .map(entry -> entry.getKey() + " = " + entry.getValue())
                        .collect(Collectors.joining(", "));
        return shown.isEmpty() ? "" : " (" + shown + ")";
    }

    interface Concern {
        boolean of(Request request);
    }

    interface Pass {
        boolean of(Host host, Request request);
    }

    interface Narrow {
        boolean of(HostTable table, Request request, long[] mask);
    }

    interface Loss {
        String of(Request request);
    }
}
