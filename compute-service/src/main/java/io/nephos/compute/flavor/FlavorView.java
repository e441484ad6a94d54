package io.nephos.compute.flavor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Links;
import io.nephos.kit.http.Microversion;

/** A flavor on the wire (API reference, "Flavors"). */
final class FlavorView {
    private FlavorView() {}

    static ObjectNode brief(FlavorRow flavor, Microversion version, String root) {
        ObjectNode view = Json.NODES.objectNode().put("id", flavor.id).put("name", flavor.name);
        if (version.atLeast(2, 55)) {
            view.put("description", flavor.description);
        }
        view.set("links", Links.of(root, "flavors/" + flavor.id));
        return view;
    }

    static ObjectNode full(FlavorRow flavor, Microversion version, String root, boolean showExtraSpecs) {
        ObjectNode view = brief(flavor, version, root)
                .put("ram", flavor.memoryMib)
                .put("vcpus", flavor.vcpus)
                .put("disk", flavor.rootGib)
                .put("OS-FLV-EXT-DATA:ephemeral", flavor.ephemeralGib)
                .put("OS-FLV-DISABLED:disabled", false)
                .put("os-flavor-access:is_public", flavor.isPublic)
                .put("rxtx_factor", flavor.rxtxFactor);
        if (version.atLeast(2, 75) || flavor.swapMib > 0) {
            view.put("swap", flavor.swapMib);
        } else {
            view.put("swap", "");
        }
        if (version.atLeast(2, 61) && showExtraSpecs) {
            view.set("extra_specs", Json.tree(flavor.extraSpecs));
        }
        return view;
    }
}
