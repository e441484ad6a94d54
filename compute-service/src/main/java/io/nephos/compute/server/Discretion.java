package io.nephos.compute.server;

import io.nephos.compute.api.Json;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What went wrong on hosts, without saying on which: users are not told where their servers are. Pure. */
final class Discretion {
    private static final Pattern ENDPOINT = Pattern.compile("/?\\b(?:\\d{1,3}\\.){3}\\d{1,3}:\\d{2,5}\\b");

    private Discretion() {}

    /** The message with "the host" in place of the hosts that the server is on, or was tried on, and of their agents. */
    static String of(String message, ServerRow row) {
        TreeSet<String> names = new TreeSet<>(
                Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        names.addAll(Json.list(row.excludedHosts));
        names.add(row.host);
        names.add(row.hostId);
        names.add(row.agentAddress);
        names.remove("");
        String discreet = message;
        for (String name : names) {
            discreet = discreet.replaceAll(
                    "(?:\\bhost )?(?<![\\w.-])/?" + Pattern.quote(name) + "(?![\\w-])(?!\\.\\w)",
                    Matcher.quoteReplacement("the host"));
        }
        return ENDPOINT.matcher(discreet).replaceAll("the host");
    }
}
