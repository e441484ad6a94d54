package io.nephos.identity.ec2;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.identity.credential.ApplicationCredentialRow;
import io.nephos.identity.credential.CredentialRow;
import io.nephos.identity.credential.CredentialStore;
import io.nephos.identity.credential.Ec2Blob;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.token.AuthRequest;
import io.nephos.identity.token.Identification;
import io.nephos.identity.token.Identification.Identified;
import io.nephos.identity.token.TokenIssue;
import io.nephos.identity.trust.TrustRow;
import io.nephos.identity.user.UserRow;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.Token;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A token of the project of an EC2 key, for who showed a request that was signed with it. 401 for all that is wrong. */
@ApplicationScoped
public class KeySignIn {
    /** For how long a signed request is good; Keystone's default. */
    private static final Duration LIFE = Duration.ofMinutes(15);

    private static final List<String> METHOD = List.of("ec2credential");

    private final Database db;
    private final CredentialStore credentials;
    private final Identification identification;
    private final TokenIssue issue;
    private final RevocationFeed revocations;

    @Inject
    public KeySignIn(
            Database db,
            CredentialStore credentials,
            Identification identification,
            TokenIssue issue,
            RevocationFeed revocations) {
        this.db = db;
        this.credentials = credentials;
        this.identification = identification;
        this.issue = issue;
        this.revocations = revocations;
    }

    /** The description of the request, by any of the names that Keystone takes. */
    static Fields described(@Nullable JsonNode body) {
        if (body == null || !body.isObject() || body.isEmpty()) {
            throw Fault.badRequest("request must include a request body");
        }
        String key = Stream.of("credentials", "credential", "ec2Credentials")
                .filter(name -> body.hasNonNull(name))
                .findFirst()
                .orElseThrow(() -> refused("EC2 Signature not supplied"));
        Fields fields = Fields.of(body, key);
        if (!fields.has("access")) {
            throw refused("EC2 Signature not supplied");
        }
        return fields;
    }

    /** {@code right} judges the signature, given the request and the secret of its key. */
    Token token(SignedRequest request, BiPredicate<SignedRequest, String> right, String otherwise) {
        Instant at = revocations.moment();
        CredentialRow key = db.read(tx -> credentials.find(tx, CredentialStore.idOf(request.access())))
                .filter(CredentialRow::ec2)
                .orElseThrow(() -> refused("EC2 access key not found."));
        Ec2Blob blob = Ec2Blob.of(credentials.blob(key));
        if (blob.secret().isEmpty() || !right.test(request, blob.secret())) {
            throw refused(otherwise);
        }
        requireFresh(request);
        return db.write(tx -> issue.issue(tx, identified(tx, key, blob, at), scope(key, blob)));
    }

    private static void requireFresh(SignedRequest request) {
        try {
            if (request.signedAt()
                    .filter(at -> at.plus(LIFE).isBefore(Instant.now()))
                    .isPresent()) {
                throw refused("Credential is expired");
            }
        } catch (DateTimeParseException e) {
            throw refused("Credential timestamp is invalid: " + e.getParsedString());
        }
    }

    private Identified identified(Transaction tx, CredentialRow key, Ec2Blob blob, Instant at) {
        UserRow user = identification.usable(tx, trustee(tx, key, blob));
        Optional<ApplicationCredentialRow> narrowed = blob.applicationCredentialId()
                .map(id -> tx.find(ApplicationCredentialRow.class, id)
                        .filter(row -> row.userId.equals(key.userId)
                                && row.projectId.equals(key.projectId)
                                && !row.expired(Instant.now()))
                        .orElseThrow(() ->
                                refused("EC2 credential project does not match the application credential project.")));
        return new Identified(user, METHOD, Optional.empty(), narrowed, at);
    }

    /** Who uses the trust of the key; only a party to the trust may have such a key. */
    private static String trustee(Transaction tx, CredentialRow key, Ec2Blob blob) {
        if (blob.trustId().isEmpty()) {
            return key.userId;
        }
        return tx.find(TrustRow.class, blob.trustId().get())
                .filter(trust -> key.userId.equals(trust.impersonation ? trust.trustorUserId : trust.trusteeUserId))
                .map(trust -> trust.trusteeUserId)
                .orElseThrow(() -> refused("User not valid for project."));
    }

    private static AuthRequest.Scope scope(CredentialRow key, Ec2Blob blob) {
        return blob.trustId()
                .<AuthRequest.Scope>map(AuthRequest.Scope.Trust::new)
                .orElseGet(() -> new AuthRequest.Scope.Project(
                        Optional.of(key.projectId == null ? "" : key.projectId), Optional.empty(), Optional.empty()));
    }

    static FaultException refused(String reason) {
        return new Fault.Unauthorized("", reason).asException();
    }
}
