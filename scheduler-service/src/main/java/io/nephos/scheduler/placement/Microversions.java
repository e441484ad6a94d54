package io.nephos.scheduler.placement;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Microversion;
import io.nephos.kit.http.MicroversionRange;
import io.nephos.kit.http.RequestContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.Optional;

/**
 * What is offered, one line for each change; append only.
 *
 * <ul>
 *   <li>1.0 resource providers, inventories, allocations, usages
 *   <li>1.1 aggregates of a provider
 *   <li>1.2 resource classes
 *   <li>1.3 member_of when listing providers
 *   <li>1.4 resources when listing providers
 *   <li>1.5 all inventories of a provider can be deleted
 *   <li>1.6 traits
 *   <li>1.7 PUT of a resource class makes it
 *   <li>1.8 project_id and user_id are required of allocations
 *   <li>1.9 usages of a project and a user
 *   <li>1.10 allocation candidates
 *   <li>1.11 link to a provider's allocations
 *   <li>1.12 allocations by provider in requests, as in answers
 *   <li>1.13 allocations of several consumers at once
 *   <li>1.14 providers form trees
 *   <li>1.15 last-modified and cache-control
 *   <li>1.16 limit of allocation candidates
 *   <li>1.17 required traits of allocation candidates
 *   <li>1.18 required traits when listing providers
 *   <li>1.19 generation with aggregates
 *   <li>1.20 a new provider is answered with its body
 *   <li>1.21 member_of of allocation candidates
 *   <li>1.22 forbidden traits
 *   <li>1.23 code in errors
 *   <li>1.24 member_of may be repeated
 *   <li>1.25 granular groups and group_policy in allocation candidates
 *   <li>1.26 a provider may reserve all of an inventory
 *   <li>1.27 summaries of candidates show all resource classes
 *   <li>1.28 generation of consumers
 *   <li>1.29 candidates within trees
 *   <li>1.30 reshaper
 *   <li>1.31 in_tree of allocation candidates
 *   <li>1.32 forbidden aggregates
 *   <li>1.33 suffixes of groups are words
 *   <li>1.34 mappings of groups to providers
 *   <li>1.35 root_required
 *   <li>1.36 same_subtree, and groups without resources
 *   <li>1.37 a provider can be moved to another parent, or to none
 *   <li>1.38 types of consumers
 *   <li>1.39 required takes in: and may be repeated
 * </ul>
 */
@ApplicationScoped
public class Microversions {
    static final Microversion MIN = new Microversion(1, 0);
    static final Microversion MAX = new Microversion(1, 39);

    @Produces
    MicroversionRange range() {
        return new MicroversionRange("placement", MIN, MAX, Optional.empty());
    }

    /** 404 below the version that brought the route. */
    public static void since(RequestContext request, int minor) {
        if (!request.version().atLeast(1, minor)) {
            throw Fault.notFound("The resource could not be found.");
        }
    }
}
