package io.nephos.image.info;

import io.nephos.image.backend.Backend;
import io.nephos.image.backend.Backends;
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

    @Inject
    public InfoResource(Backends backends) {
        this.backends = backends;
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

    private Map<String, Object> describe(Backend backend) {
        Map<String, Object> store = new LinkedHashMap<>();
        store.put("id", backend.id());
        store.put("description", backend.description());
        if (backend == backends.usual()) {
            store.put("default", true);
        }
        return store;
    }
}
