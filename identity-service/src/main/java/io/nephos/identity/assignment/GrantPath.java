package io.nephos.identity.assignment;

import jakarta.ws.rs.PathParam;

/** What the paths of grants say: on what, whether "users" or "groups", to whom, which role. */
public class GrantPath {
    @PathParam("target")
    String target = "";

    @PathParam("kind")
    String kind = "";

    @PathParam("actor")
    String actor = "";

    /** Empty in the path of a list. */
    @PathParam("role")
    String role = "";

    Grant onDomain() {
        return on(Target.domain(target), false);
    }

    Grant onProject() {
        return on(Target.project(target), false);
    }

    Grant onSystem() {
        return on(Target.SYSTEM, false);
    }

    /** On every project of the domain. */
    Grant belowDomain() {
        return on(Target.domain(target), true);
    }

    /** On every project below the project. */
    Grant belowProject() {
        return on(Target.project(target), true);
    }

    private Grant on(Target where, boolean inherited) {
        Actor who = kind.equals("groups") ? Actor.group(actor) : Actor.user(actor);
        return new Grant(who, where, role, inherited);
    }
}
