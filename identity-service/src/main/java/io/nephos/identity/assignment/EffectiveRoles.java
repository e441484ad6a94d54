package io.nephos.identity.assignment;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What grants amount to, as Keystone has it: a group's count for its members, inherited ones on every project below their
 * target, a role brings the roles it implies. Pure.
 *
 * @param implied the roles that each role implies directly
 * @param members the users of each group
 * @param below for each project and domain that has them, all projects below it
 */
public record EffectiveRoles(
        Map<String, Set<String>> implied, Map<String, Set<String>> members, Map<String, Set<String>> below) {

    /**
     * A role that a user has on a target in the end, and the grant it came from.
     *
     * @param prior the role that implied it
     */
    public record Effective(String userId, Target target, String roleId, Grant origin, Optional<String> prior) {}

    /** The roles and all that they imply, over any number of steps; cycles end. */
    public Set<String> withImplied(Collection<String> roles) {
        Set<String> all = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(roles);
        while (!open.isEmpty()) {
            String role = open.removeFirst();
            if (all.add(role)) {
                open.addAll(implied.getOrDefault(role, Set.of()));
            }
        }
        return all;
    }

    /** Every role that users have by these grants; each once for each user, target, role and origin. */
    public List<Effective> of(Collection<Grant> grants) {
        Map<List<Object>, Effective> all = new LinkedHashMap<>();
        for (Grant grant : grants) {
            for (String user : users(grant.actor())) {
                for (Target target : targets(grant)) {
                    expand(user, target, grant)
                            .forEach(one -> all.putIfAbsent(
                                    List.of(one.userId(), one.target(), one.roleId(), one.origin()), one));
                }
            }
        }
        return List.copyOf(all.values());
    }

    private List<Effective> expand(String user, Target target, Grant grant) {
        Map<String, Optional<String>> priors = new HashMap<>();
        List<Effective> roles = new ArrayList<>();
        Deque<String> open = new ArrayDeque<>(List.of(grant.roleId()));
        priors.put(grant.roleId(), Optional.empty());
        while (!open.isEmpty()) {
            String role = open.removeFirst();
            roles.add(new Effective(user, target, role, grant, priors.getOrDefault(role, Optional.empty())));
            for (String next : implied.getOrDefault(role, Set.of())) {
                if (priors.putIfAbsent(next, Optional.of(role)) == null) {
                    open.add(next);
                }
            }
        }
        return roles;
    }

    private Set<String> users(Actor actor) {
        return actor.isGroup() ? members.getOrDefault(actor.id(), Set.of()) : Set.of(actor.id());
    }

    private List<Target> targets(Grant grant) {
        if (!grant.inherited()) {
            return List.of(grant.target());
        }
        return below.getOrDefault(grant.target().id(), Set.of()).stream()
                .map(Target::project)
                .toList();
    }
}
