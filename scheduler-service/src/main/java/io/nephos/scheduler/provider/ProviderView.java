package io.nephos.scheduler.provider;

import io.nephos.scheduler.placement.Gate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A resource provider as Placement shows it; the tree since 1.14. */
final class ProviderView {
    private ProviderView() {}

    static Map<String, Object> of(Provider provider, Gate gate) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("uuid", provider.id());
        view.put("name", provider.name());
        view.put("generation", provider.generation());
        if (gate.atLeast(14)) {
            view.put("parent_provider_uuid", provider.parentId().orElse(null));
            view.put("root_provider_uuid", provider.rootId());
        }
        view.put("links", links("/resource_providers/" + provider.id(), gate));
        return view;
    }

    private static List<Map<String, String>> links(String self, Gate gate) {
        List<Map<String, String>> links = new ArrayList<>();
        links.add(Map.of("rel", "self", "href", self));
        add(links, self, "inventories");
        add(links, self, "usages");
        if (gate.atLeast(1)) {
            add(links, self, "aggregates");
        }
        if (gate.atLeast(6)) {
            add(links, self, "traits");
        }
        if (gate.atLeast(11)) {
            add(links, self, "allocations");
        }
        return links;
    }

    private static void add(List<Map<String, String>> links, String self, String rel) {
        links.add(Map.of("rel", rel, "href", self + "/" + rel));
    }
}
