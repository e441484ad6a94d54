package io.nephos.network.api;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;

/** Who may see and do what, in Neutron's way: what one may not see is not there (404), what one sees but may not do is 403. */
@ApplicationScoped
public class Access {
    private final Policy policy;

    @Inject
    public Access(Policy policy) {
        this.policy = policy;
    }

    public boolean admin(Caller caller) {
        return policy.allows("context_is_admin", caller, Map.of());
    }

    public void require(String rule, Caller caller, String projectId) {
        policy.require(rule, caller, projectId);
    }

    /** A rule that the owner of the network may satisfy too. */
    public void requireOnNetwork(String rule, Caller caller, String projectId, String networkProjectId) {
        policy.require(
                rule,
                caller,
                Map.of("project_id", projectId, "tenant_id", projectId, "network:project_id", networkProjectId));
    }

    public boolean allows(String rule, Caller caller, String projectId) {
        return policy.allows(rule, caller, Map.of("project_id", projectId, "tenant_id", projectId));
    }

    /** The project that a new resource belongs to: that of the caller; an administrator may name another. */
    public String owner(Caller caller, Fields body) {
        Optional<String> named = body.optionalText("project_id", 0, 255)
                .or(() -> body.optionalText("tenant_id", 0, 255))
                .filter(text -> !text.isEmpty());
        if (named.isPresent() && !named.equals(caller.projectId()) && !admin(caller)) {
            throw Fault.badRequest("Specifying 'project_id' or 'tenant_id' other than the authenticated project in the"
                    + " request requires admin privileges.");
        }
        return named.or(caller::projectId)
                .orElseThrow(() -> Fault.badRequest("Failed to parse request: 'project_id' is required."));
    }
}
