package io.nephos.identity.trust;

import io.nephos.identity.wire.Attributes;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How far a trust may be passed on (Identity API reference, "OS-TRUST"). A trust that may be redelegated counts how many
 * more times; each that is made from it has one less, ends no later, gives no more roles and impersonates only if it does.
 */
final class Redelegation {
    /** Keystone's max_redelegation_count. */
    static final int DEEPEST = 3;

    private Redelegation() {}

    /** The count of the new trust, as its request asks. 403 for one that is too deep, 400 with limited uses. */
    static int count(Fields fields, Optional<TrustRow> from) {
        Optional<Integer> asked = fields.optionalInteger("redelegation_count", 0, Integer.MAX_VALUE);
        boolean allowed = fields.flag("allow_redelegation", false) && asked.orElse(1) != 0;
        if (!allowed) {
            return 0;
        }
        if (asked.orElse(0) > DEEPEST) {
            throw Fault.forbidden(
                    "Requested redelegation depth of " + asked.orElse(0) + " is greater than allowed " + DEEPEST + ".");
        }
        if (fields.has("remaining_uses") && !fields.isNull("remaining_uses")) {
            throw fields.invalid("remaining_uses", "must not be set if redelegation is allowed.");
        }
        int most = from.map(before -> before.redelegationCount - 1).orElse(DEEPEST);
        if (from.isPresent() && asked.isPresent() && asked.get() != most) {
            throw Fault.forbidden("Modifying \"redelegation_count\" upon redelegation is forbidden. Omitting this"
                    + " parameter is advised.");
        }
        return asked.orElse(most);
    }

    /** The new trust goes no further than any of those before it. 403 says in what it would. */
    static void require(TrustRow fresh, List<TrustRow> before) {
        for (TrustRow one : before) {
            if (one.redelegationCount <= 0 || one.redelegationCount > DEEPEST) {
                throw Fault.forbidden("Remaining redelegation depth of " + one.redelegationCount
                        + " out of allowed range of [0.." + DEEPEST + "].");
            }
            if (fresh.remainingUses != null) {
                throw Fault.forbidden("Field \"remaining_uses\" is set to " + fresh.remainingUses
                        + " while it must not be set in order to redelegate a trust.");
            }
            if (one.expiresAt != null && (fresh.expiresAt == null || fresh.expiresAt.isAfter(one.expiresAt))) {
                throw Fault.forbidden("Requested expiration time is more than redelegated trust can provide.");
            }
            if (!Set.copyOf(Attributes.texts(one.roles)).containsAll(Attributes.texts(fresh.roles))) {
                throw Fault.forbidden("Some of requested roles are not in redelegated trust.");
            }
            if (fresh.impersonation && !one.impersonation) {
                throw Fault.forbidden("Impersonation is not allowed because redelegated trust does not specify"
                        + " impersonation. Redelegated trust id: " + one.id + ".");
            }
        }
    }
}
