package io.nephos.identity.limit;

import io.nephos.identity.catalog.ServiceRow;
import io.nephos.identity.region.RegionRow;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What bodies of limits and registered limits have in common. */
final class LimitFields {
    private LimitFields() {}

    /** The items of a creation; 400 when there are none. */
    static List<Fields> items(Fields body, String name) {
        if (!body.has(name)) {
            throw body.required(name);
        }
        List<Fields> items = body.objects(name);
        if (items.isEmpty()) {
            throw Fault.badRequest("Invalid input for field '" + name + "': [] is too short");
        }
        return items;
    }

    static int amount(Fields fields, String name) {
        return optionalAmount(fields, name).orElseThrow(() -> fields.required(name));
    }

    /** -1 to 2147483647, and a JSON number: digits in a string are refused, as in Keystone. */
    static Optional<Integer> optionalAmount(Fields fields, String name) {
        if (fields.has(name) && !fields.json().get(name).isIntegralNumber()) {
            throw fields.invalid(name, "must be an integer.");
        }
        return fields.optionalInteger(name, -1, Integer.MAX_VALUE);
    }

    static String id(Fields fields, String name) {
        return optionalId(fields, name).orElseThrow(() -> fields.required(name));
    }

    static Optional<String> optionalId(Fields fields, String name) {
        return fields.optionalText(name, 1, 64).map(id -> {
            if (!id.matches("[a-zA-Z0-9-]+")) {
                throw fields.invalid(name, "must have letters, digits and hyphens only.");
            }
            return id;
        });
    }

    /** 400 that names the field when the service or the region is not there. */
    static void requireCatalog(Transaction tx, String serviceId, @Nullable String regionId, String target) {
        if (tx.find(ServiceRow.class, serviceId).isEmpty()) {
            throw Faults.expecting("service_id", target);
        }
        if (regionId != null && tx.find(RegionRow.class, regionId).isEmpty()) {
            throw Faults.expecting("region_id", target);
        }
    }
}
