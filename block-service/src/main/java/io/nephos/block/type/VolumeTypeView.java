package io.nephos.block.type;

import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A volume type on the wire (API reference "Volume types"). */
@RequestScoped
class VolumeTypeView {
    private static final Set<String> FOR_EVERYONE =
            Set.of("RESKEY:availability_zones", "multiattach", "replication_enabled");

    private final Policy policy;
    private final RequestContext request;

    @Inject
    VolumeTypeView(Policy policy, RequestContext request) {
        this.policy = policy;
        this.request = request;
    }

    Map<String, @Nullable Object> of(VolumeTypeRow type) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", type.id);
        view.put("name", type.name);
        view.put("description", type.description);
        view.put("is_public", type.isPublic);
        view.put("os-volume-type-access:is_public", type.isPublic);
        view.put("extra_specs", specs(type));
        return view;
    }

    /** As an update is answered, which in Cinder lacks the longer name of is_public. */
    Map<String, @Nullable Object> updated(VolumeTypeRow type) {
        Map<String, @Nullable Object> view = of(type);
        view.remove("os-volume-type-access:is_public");
        return view;
    }

    /** What the caller may see of them: an administrator all. */
    Map<String, String> specs(VolumeTypeRow type) {
        Map<String, String> specs = new TreeMap<>(type.extraSpecs());
        if (!policy.allows("volume_extension:types_extra_specs:read_sensitive", request.caller(), Map.of())) {
            specs.keySet().retainAll(FOR_EVERYONE);
        }
        return specs;
    }
}
