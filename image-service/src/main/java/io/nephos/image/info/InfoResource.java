package io.nephos.image.info;

import io.nephos.image.backend.Backend;
import io.nephos.image.backend.Backends;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.Map;

/** What this service offers (Image API v2, "Image service info discovery"). */
@Path("/v2/info")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class InfoResource {
    private final Backends backends;
    private final Policy policy;
    private final RequestContext request;

    @Inject
    public InfoResource(Backends backends, Policy policy, RequestContext request) {
        this.backends = backends;
        this.policy = policy;
        this.request = request;
    }

    @GET
    @Path("import")
    public Map<String, Object> importMethods() {
        return Map.of(
                "import-methods",
                Map.of("description", "Import methods available.", "type", "array", "value", ImportMethod.names()));
    }

    @GET
    @Path("stores")
    public Map<String, Object> stores() {
        return Map.of("stores", backends.all().stream().map(this::describe).toList());
    }

    /** With what only administrators may know. */
    @GET
    @Path("stores/detail")
    public Map<String, Object> storesInDetail() {
        Caller caller = request.caller();
        policy.require("stores_info_detail", caller, caller.project());
        return Map.of(
                "stores",
                backends.all().stream()
                        .map(backend -> {
                            Map<String, Object> store = describe(backend);
                            store.put("type", backend.type());
                            store.put("weight", 0);
                            store.put("properties", backend.properties());
                            return store;
                        })
                        .toList());
    }

    private Map<String, Object> describe(Backend backend) {
        Map<String, Object> store = new LinkedHashMap<>();
        store.put("id", backend.id());
        if (!backend.description().isEmpty()) {
            store.put("description", backend.description());
        }
        if (backend == backends.usual()) {
            store.put("default", "true");
        }
        if (backend.readOnly()) {
            store.put("read-only", "true");
        }
        return store;
    }
}
