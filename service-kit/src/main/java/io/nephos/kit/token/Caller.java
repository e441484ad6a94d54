package io.nephos.kit.token;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks, as the token says.
 *
 * @param projectId of a project-scoped token
 * @param domainId of a domain-scoped token
 * @param system the token is system-scoped
 * @param roles names, lower case, implied ones included
 */
public record Caller(
        String userId,
        String userDomainId,
        Optional<String> projectId,
        Optional<String> projectDomainId,
        Optional<String> domainId,
        boolean system,
        Set<String> roles,
        String auditId,
        String requestId) {

    public boolean hasRole(String role) {
        return roles.contains(role);
    }

    /** The project of the token; the empty text, which owns nothing, when it has another scope. */
    public String project() {
        return projectId.orElse("");
    }

    /** As it travels to another service. */
    public io.nephos.contracts.common.v1.Caller toProto() {
        return io.nephos.contracts.common.v1.Caller.newBuilder()
                .setUserId(userId)
                .setProjectId(projectId.orElse(""))
                .setDomainId(domainId.orElse(""))
                .setSystem(system)
                .addAllRoles(roles)
                .setRequestId(requestId)
                .build();
    }

    public static Caller of(io.nephos.contracts.common.v1.Caller caller) {
        return new Caller(
                caller.getUserId(),
                "",
                present(caller.getProjectId()),
                Optional.empty(),
                present(caller.getDomainId()),
                caller.getSystem(),
                Set.copyOf(caller.getRolesList()),
                "",
                caller.getRequestId());
    }

    static Caller of(Token token, String requestId) {
        return new Caller(
                token.userId(),
                token.userDomainId(),
                token.projectId(),
                token.projectDomainId(),
                token.domainId(),
                token.system(),
                Set.copyOf(token.roles()),
                token.auditIds().getFirst(),
                requestId);
    }

    private static Optional<String> present(String text) {
        return Optional.of(text).filter(value -> !value.isEmpty());
    }

    /** The roles, sorted, for headers and logs. */
    public List<String> sortedRoles() {
        return roles.stream().sorted().toList();
    }
}
