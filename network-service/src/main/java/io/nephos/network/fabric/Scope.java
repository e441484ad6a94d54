package io.nephos.network.fabric;

import io.nephos.kit.data.Transaction;

/**
 * The unit in which the data plane is brought in line: "network/ID", "port/ID", "router/ID", "security-group/ID". Waking
 * one asks for its objects to be made what the rows say, also when there is no row any more.
 */
public record Scope(String kind, String id) {
    /** The kind of the reconciler's tasks. */
    public static final String TASKS = "northbound";

    public static final String NETWORK = "network";
    public static final String PORT = "port";
    public static final String ROUTER = "router";
    public static final String SECURITY_GROUP = "security-group";
    /** The port group whose members get nothing but what a security group allows; there is one. */
    public static final String GUARD = "guard";

    public static Scope network(String id) {
        return new Scope(NETWORK, id);
    }

    public static Scope port(String id) {
        return new Scope(PORT, id);
    }

    public static Scope router(String id) {
        return new Scope(ROUTER, id);
    }

    public static Scope securityGroup(String id) {
        return new Scope(SECURITY_GROUP, id);
    }

    public static Scope guard() {
        return new Scope(GUARD, "all");
    }

    public static Scope parse(String text) {
        int slash = text.indexOf('/');
        return new Scope(text.substring(0, slash), text.substring(slash + 1));
    }

    public void wake(Transaction tx) {
        tx.wake(TASKS, toString());
    }

    @Override
    public String toString() {
        return kind + "/" + id;
    }
}
