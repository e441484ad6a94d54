package io.nephos.compute.aggregate;

import io.nephos.compute.api.Json;
import io.nephos.kit.fault.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may be done with an aggregate, and the rule that a host is in one availability zone. Pure. */
record Aggregate(AggregateRow row) {
    static final String ZONE = "availability_zone";

    Map<String, String> metadata() {
        return Json.texts(row.metadata);
    }

    Optional<String> zone() {
        return Optional.ofNullable(metadata().get(ZONE));
    }

    List<String> hosts() {
        return Json.list(row.hosts);
    }

    /** A null value takes the key away. */
    void setMetadata(Map<String, @Nullable String> changes) {
        Map<String, String> metadata = new LinkedHashMap<>(metadata());
        changes.forEach((key, value) -> {
            if (value == null) {
                metadata.remove(key);
            } else {
                metadata.put(key, value);
            }
        });
        row.metadata = Json.text(metadata);
    }

    /** 409 when it is in it. */
    void add(String host) {
        List<String> hosts = new ArrayList<>(hosts());
        if (hosts.contains(host)) {
            throw Fault.conflict("Aggregate " + row.id + " already has host " + host + ".");
        }
        hosts.add(host);
        row.hosts = Json.text(hosts);
    }

    /** 404 when it is not in it. */
    void remove(String host) {
        List<String> hosts = new ArrayList<>(hosts());
        if (!hosts.remove(host)) {
            throw Fault.notFound("Aggregate " + row.id + " has no host " + host + ".");
        }
        row.hosts = Json.text(hosts);
    }

    /** The zones of other aggregates that one of these hosts is in already; empty when there is no conflict. */
    List<String> conflicts(String zone, List<String> hosts, List<Aggregate> all) {
        return all.stream()
                .filter(other -> other.row.id != row.id)
                .filter(other -> other.hosts().stream().anyMatch(hosts::contains))
                .flatMap(other -> other.zone().stream())
                .filter(other -> !other.equals(zone))
                .distinct()
                .toList();
    }
}
