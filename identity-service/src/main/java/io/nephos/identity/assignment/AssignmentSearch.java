package io.nephos.identity.assignment;

import io.nephos.identity.group.MembershipRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.role.RoleRow;
import io.nephos.identity.role.RoleStore;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Page;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The assignments that a filter means, in the order of their grants' ids, a page at a time. The database narrows the grants;
 * what they amount to is {@link EffectiveRoles}' to say.
 */
@ApplicationScoped
public class AssignmentSearch {
    private static final int PART = 500;

    private final ProjectStore projects;
    private final RoleStore roles;

    @Inject
    public AssignmentSearch(ProjectStore projects, RoleStore roles) {
        this.projects = projects;
        this.roles = roles;
    }

    /**
     * A grant, or one of the roles it amounts to.
     *
     * @param marker for the page after it: the grant's id, and the number of its effective ones so far
     */
    record Found(Grant origin, Actor actor, Target target, String roleId, Optional<String> prior, String marker) {
        static Found granted(Grant grant) {
            return new Found(grant, grant.actor(), grant.target(), grant.roleId(), Optional.empty(), grant.key());
        }

        static Found effective(EffectiveRoles.Effective one, int number) {
            return new Found(
                    one.origin(),
                    Actor.user(one.userId()),
                    one.target(),
                    one.roleId(),
                    one.prior(),
                    one.origin().key() + "#" + number);
        }
    }

    /** As they were given; of the targets of that domain only, if any. One more than the page, when there is. */
    List<Found> granted(Transaction tx, AssignmentFilter filter, Optional<String> domain, Page page) {
        Selection<AssignmentRow> selection = inDomain(Selection.of(AssignmentRow.class), domain)
                .where("roleId", filter.role().orElse(null));
        filter.user().ifPresent(id -> selection.where("actorType", "user").where("actorId", id));
        filter.group().ifPresent(id -> selection.where("actorType", "group").where("actorId", id));
        filter.target()
                .ifPresent(target -> selection
                        .where("targetType", target.type())
                        .whereIn("targetId", List.copyOf(targets(tx, filter, target))));
        if (filter.onlyInherited()) {
            selection.where("inherited", true);
        }
        return selection.page(tx, page).stream()
                .map(row -> Found.granted(row.grant()))
                .toList();
    }

    /** What users have by them in the end, roles of domains left out. One more than the page, when there is. */
    List<Found> effective(Transaction tx, AssignmentFilter filter, Optional<String> domain, Page page) {
        Expansion expansion = new Expansion(tx, filter);
        long wanted = page.limit() + 1L;
        List<Found> all = new ArrayList<>();
        Optional<String> after = page.marker().map(AssignmentSearch::grantOf);
        int shown = page.marker().map(AssignmentSearch::numberOf).orElse(0);
        // What is left of the grant in whose middle the page before ended.
        after.flatMap(id -> tx.find(AssignmentRow.class, id))
                .ifPresent(row -> expansion.of(List.of(row)).stream()
                        .filter(one -> numberOf(one.marker()) > shown)
                        .forEach(all::add));
        while (all.size() < wanted) {
            List<AssignmentRow> rows = expansion
                    .narrowed(inDomain(Selection.of(AssignmentRow.class), domain))
                    .page(tx, new Page(PART, after));
            List<AssignmentRow> part = rows.size() > PART ? rows.subList(0, PART) : rows;
            all.addAll(expansion.of(part));
            if (rows.size() <= PART) {
                break;
            }
            after = Optional.of(part.getLast().id);
        }
        return all.size() > wanted ? all.subList(0, (int) wanted) : all;
    }

    private static String grantOf(String marker) {
        return marker.substring(0, cut(marker));
    }

    private static int numberOf(String marker) {
        try {
            return Integer.parseUnsignedInt(marker.substring(Math.min(marker.length(), cut(marker) + 1)));
        } catch (NumberFormatException e) {
            throw Fault.badRequest("The marker is not one that this list gave: " + marker + ".");
        }
    }

    private static int cut(String marker) {
        int hash = marker.lastIndexOf('#');
        return hash < 0 ? marker.length() : hash;
    }

    private static Selection<AssignmentRow> inDomain(Selection<AssignmentRow> selection, Optional<String> domain) {
        domain.ifPresent(id -> selection.and(
                "targetId in (select id from ProjectRow where domainId = :confined)", Map.of("confined", id)));
        return selection;
    }

    private Set<String> targets(Transaction tx, AssignmentFilter filter, Target target) {
        Set<String> ids = new HashSet<>(Set.of(target.id()));
        if (filter.subtree()) {
            ids.addAll(projects.below(tx, target.id()));
        }
        return ids;
    }

    /** Grants to roles of users, for one filter; what many grants need is read once. */
    private final class Expansion {
        private final Transaction tx;
        private final AssignmentFilter filter;
        private final Map<String, Set<String>> implied;
        private final Set<String> global;
        private final Set<String> wanted;
        private final Map<String, Set<String>> below = new HashMap<>();

        Expansion(Transaction tx, AssignmentFilter filter) {
            this.tx = tx;
            this.filter = filter;
            this.implied = roles.implied(tx);
            this.global = tx.list(RoleRow.class, "from RoleRow where domainId = ''", Map.of()).stream()
                    .map(role -> role.id)
                    .collect(Collectors.toSet());
            this.wanted =
                    filter.target().map(target -> targets(tx, filter, target)).orElse(Set.of());
        }

        /** Leaves out grants that can amount to nothing that is asked for. */
        Selection<AssignmentRow> narrowed(Selection<AssignmentRow> selection) {
            filter.user().ifPresent(id -> selection.whereIn("actorId", actors(id)));
            filter.role().ifPresent(id -> selection.whereIn("roleId", List.copyOf(bringing(id))));
            if (filter.onlyInherited()) {
                selection.where("inherited", true);
            }
            filter.target().ifPresent(target -> {
                Set<String> above = new HashSet<>(Set.of(""));
                if (target.type().equals("project")) {
                    above.addAll(projects.above(tx, target.id()));
                    above.addAll(filter.subtree() ? wanted : Set.of());
                }
                selection.and(
                        "(not inherited and targetType = :type and targetId in (:targets)"
                                + " or inherited and targetId in (:above))",
                        Map.of("type", target.type(), "targets", wanted, "above", above));
            });
            return selection;
        }

        private List<String> actors(String userId) {
            List<String> all = new ArrayList<>(tx.list(
                    String.class, "select groupId from MembershipRow where userId = :user", Map.of("user", userId)));
            all.add(userId);
            return all;
        }

        List<Found> of(List<AssignmentRow> rows) {
            List<Grant> grants = rows.stream().map(AssignmentRow::grant).toList();
            EffectiveRoles engine = new EffectiveRoles(implied, members(grants), below);
            List<Found> all = new ArrayList<>();
            for (Grant grant : grants) {
                if (grant.inherited()) {
                    below.computeIfAbsent(grant.target().id(), this::wantedBelow);
                }
                int number = 0;
                for (EffectiveRoles.Effective one : engine.of(List.of(grant))) {
                    number++;
                    if (asked(one)) {
                        all.add(Found.effective(one, number));
                    }
                }
            }
            return all;
        }

        private boolean asked(EffectiveRoles.Effective one) {
            return global.contains(one.roleId())
                    && filter.user().map(one.userId()::equals).orElse(true)
                    && filter.role().map(one.roleId()::equals).orElse(true)
                    && filter.target()
                            .map(target -> wanted.contains(one.target().id())
                                    && target.type().equals(one.target().type()))
                            .orElse(true);
        }

        /** The role and those that imply it, over any number of steps. */
        private Set<String> bringing(String roleId) {
            EffectiveRoles engine = new EffectiveRoles(implied, Map.of(), Map.of());
            Set<String> all = implied.keySet().stream()
                    .filter(prior -> engine.withImplied(Set.of(prior)).contains(roleId))
                    .collect(Collectors.toSet());
            all.add(roleId);
            return all;
        }

        /** For a filter on one project the database has seen to it that the grant's target is above. */
        private Set<String> wantedBelow(String id) {
            if (!wanted.isEmpty() && !filter.subtree()) {
                return wanted;
            }
            Set<String> all = new TreeSet<>(projects.below(tx, id));
            if (!wanted.isEmpty()) {
                all.retainAll(wanted);
            }
            return all;
        }

        private Map<String, Set<String>> members(Collection<Grant> grants) {
            Set<String> groups = grants.stream()
                    .map(Grant::actor)
                    .filter(Actor::isGroup)
                    .map(Actor::id)
                    .collect(Collectors.toSet());
            Map<String, Set<String>> all = new HashMap<>();
            if (filter.user().isPresent()) {
                groups.forEach(group -> all.put(group, Set.of(filter.user().get())));
            } else if (!groups.isEmpty()) {
                tx.list(MembershipRow.class, "from MembershipRow where groupId in (:groups)", Map.of("groups", groups))
                        .forEach(row -> all.computeIfAbsent(row.groupId, group -> new TreeSet<>())
                                .add(row.userId));
            }
            return all;
        }
    }
}
