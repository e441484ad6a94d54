package io.nephos.network.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.nephos.network.ipam.Cidr;
import io.nephos.network.ipam.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Attributes of requests, checked in Neutron's words. */
public final class Attributes {
    private static final int ATTEMPTS = 8;

    private Attributes() {}

    /** 400 when the body has an attribute that the resource has not. */
    public static void only(Fields body, Set<String> known) {
        List<String> unknown = new ArrayList<>();
        body.json().fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                unknown.add(name);
            }
        });
        if (!unknown.isEmpty()) {
            throw Fault.badRequest("Unrecognized attribute(s) '" + String.join(", ", unknown) + "'");
        }
    }

    public static IpAddress address(String attribute, String text) {
        return IpAddress.parse(text)
                .orElseThrow(() -> Fault.badRequest(
                        "Invalid input for " + attribute + ". Reason: '" + text + "' is not a valid IP address."));
    }

    public static Cidr cidr(String attribute, String text) {
        return Cidr.parse(text)
                .orElseThrow(() -> Fault.badRequest(
                        "Invalid input for " + attribute + ". Reason: '" + text + "' is not a valid IP subnet."));
    }

    /** Present and not null. */
    public static Optional<JsonNode> value(Fields body, String name) {
        return Optional.ofNullable(body.json().get(name)).filter(node -> !node.isNull());
    }

    /** Host routes and extra routes: "destination,nexthop" each. */
    public static List<String> routes(Fields body, String name) {
        List<String> routes = new ArrayList<>();
        for (Fields route : body.objects(name)) {
            String destination = route.text("destination", 1, 64);
            String nexthop = route.text("nexthop", 1, 64);
            String text = cidr(name, destination) + "," + address(name, nexthop);
            if (routes.contains(text)) {
                throw Fault.badRequest("Invalid input for " + name + ". Reason: Duplicate hostroute '" + text + "'.");
            }
            routes.add(text);
        }
        return routes;
    }

    /**
     * A write whose chosen values (an address, a MAC) another may take first, or whose rows another may change (OVN's
     * report of a port): then all is read and chosen again. What the user
     * asked for by name is checked anew each time, so that the right fault comes out.
     */
    public static <T> T write(Database database, Function<Transaction, T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return database.write(work);
            } catch (UniqueViolation taken) {
                if (attempt == ATTEMPTS) {
                    throw Fault.conflict("The request conflicts with another one; try again.");
                }
            } catch (FaultException e) {
                if (!outrun(e.fault()) || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    // A row was changed between reading and writing it; our own conflicts all have a type.
    private static boolean outrun(Fault fault) {
        return fault instanceof Fault.Conflict && fault.type().isEmpty();
    }
}
