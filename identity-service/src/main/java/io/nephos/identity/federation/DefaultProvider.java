package io.nephos.identity.federation;

import io.nephos.identity.keycloak.BearerTokens;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * The identity provider "keycloak" with its protocol "openid": our own realm, whose users are the same here by whichever way
 * they sign in.
 */
@ApplicationScoped
public class DefaultProvider {
    private static final String NAME = "keycloak";
    private static final String PROTOCOL = "openid";
    private static final String RULES = """
            [{"local": [{"user": {"id": "{0}", "type": "local"}}], "remote": [{"type": "OIDC-sub"}]}]
            """;

    private final BearerTokens tokens;

    @Inject
    public DefaultProvider(BearerTokens tokens) {
        this.tokens = tokens;
    }

    /** Made when it is missing; the realm's address of today is among its names unless another provider has it. */
    public void ensure(Transaction tx, String domainId) {
        if (tx.find(MappingRow.class, NAME).isEmpty()) {
            MappingRow mapping = new MappingRow();
            mapping.id = NAME;
            mapping.rules = RULES.strip();
            mapping.schemaVersion = "1.0";
            tx.insert(mapping);
        }
        if (tx.find(IdentityProviderRow.class, NAME).isEmpty()) {
            IdentityProviderRow provider = new IdentityProviderRow();
            provider.id = NAME;
            provider.domainId = domainId;
            provider.enabled = true;
            provider.description = "The realm that keeps the cloud's own users";
            tx.insert(provider);
        }
        String key = ProtocolRow.key(NAME, PROTOCOL);
        if (tx.find(ProtocolRow.class, key).isEmpty()) {
            ProtocolRow protocol = new ProtocolRow();
            protocol.id = key;
            protocol.idpId = NAME;
            protocol.name = PROTOCOL;
            protocol.mappingId = NAME;
            tx.insert(protocol);
        }
        if (tx.find(RemoteIdRow.class, tokens.issuer()).isEmpty()) {
            RemoteIdRow remote = new RemoteIdRow();
            remote.id = tokens.issuer();
            remote.idpId = NAME;
            tx.insert(remote);
        }
    }
}
