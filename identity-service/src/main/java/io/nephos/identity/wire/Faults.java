package io.nephos.identity.wire;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;

/** The cases that Keystone has its own words for. */
public final class Faults {
    private Faults() {}

    /** 404 "Could not find user: X." */
    public static FaultException notFound(String noun, String id) {
        return Fault.notFound("Could not find " + noun + ": " + id + ".");
    }

    /** 409 as Keystone words a name that is taken. */
    public static FaultException duplicate(String noun, String details) {
        return Fault.conflict("Conflict occurred attempting to store " + noun + " - " + details + ".");
    }

    /** 400 as Keystone words a field whose value stands for nothing. */
    public static FaultException expecting(String field, String target) {
        return Fault.badRequest(
                "Expecting to find " + field + " in " + target + ". The server could not comply with the"
                        + " request since it is either malformed or otherwise incorrect. The client is assumed to be in error.");
    }

    /** 401 in the words of every failed sign-in, whatever the reason. */
    public static FaultException unauthorized() {
        return new Fault.Unauthorized("", "The request you have made requires authentication.").asException();
    }

    /** 403 in the words of a policy that says no. */
    public static FaultException notAuthorized(String action) {
        return Fault.forbidden("You are not authorized to perform the requested action: " + action + ".");
    }

    /** 403 for what no policy can allow. */
    public static FaultException forbiddenAction(String reason) {
        return Fault.forbidden("You are not authorized to perform the requested action: " + reason + ".");
    }
}
