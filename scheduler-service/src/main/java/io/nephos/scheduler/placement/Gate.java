package io.nephos.scheduler.placement;

import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;

/** What every Placement route checks first: that its version is there, and that the caller may. */
@ApplicationScoped
public class Gate {
    private final RequestContext request;
    private final Policy policy;

    @Inject
    public Gate(RequestContext request, Policy policy) {
        this.request = request;
        this.policy = policy;
    }

    /** 404 below version 1.{@code minor}, 403 unless the rule ("placement:" is put before it) allows the caller. */
    public void pass(int minor, String rule) {
        pass(minor, rule, Map.of());
    }

    public void pass(int minor, String rule, Map<String, String> target) {
        Microversions.since(request, minor);
        policy.require("placement:" + rule, request.caller(), target);
    }

    public boolean atLeast(int minor) {
        return request.version().atLeast(1, minor);
    }
}
