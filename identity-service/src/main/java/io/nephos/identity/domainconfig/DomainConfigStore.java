package io.nephos.identity.domainconfig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.credential.CredentialCipher;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options of domains in the database. Sensitive ones are written and never given out. */
@ApplicationScoped
public class DomainConfigStore {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 65_536;

    private final CredentialCipher cipher;

    @Inject
    public DomainConfigStore(CredentialCipher cipher) {
        this.cipher = cipher;
    }

    /** Those of the group and option, where they are given; sensitive ones as well. */
    List<DomainConfigRow> rows(Transaction tx, String domainId, @Nullable String group, @Nullable String option) {
        return Selection.of(DomainConfigRow.class)
                .where("domainId", domainId)
                .where("groupName", group)
                .where("optionName", option)
                .list(tx);
    }

    /** {@code {"ldap": {"url": ...}}}, without what is sensitive. */
    ObjectNode shown(List<DomainConfigRow> rows) {
        ObjectNode config = JSON.createObjectNode();
        rows.stream()
                .filter(row -> !row.sensitive)
                .forEach(row -> config.withObjectProperty(row.groupName).set(row.optionName, value(row)));
        return config;
    }

    /** Adds the options, or gives them their new values. */
    void put(Transaction tx, String domainId, JsonNode config) {
        config.properties()
                .forEach(group -> group.getValue()
                        .properties()
                        .forEach(option -> put(tx, domainId, group.getKey(), option.getKey(), option.getValue())));
    }

    private void put(Transaction tx, String domainId, String group, String option, JsonNode value) {
        String id = DomainConfigRow.key(domainId, group, option);
        String text = value.toString();
        if (text.length() > LONGEST) {
            throw Fault.badRequest("The value of option " + option + " in group " + group + " is too long.");
        }
        boolean sensitive = DomainConfigOptions.sensitive(group, option);
        tx.executeNative(
                "insert into domain_config (id, domain_id, group_name, option_name, value, sensitive)"
                        + " values (:id, :domain, :group, :option, :value, :sensitive)"
                        + " on conflict (id) do update set value = excluded.value",
                Map.of(
                        "id", id,
                        "domain", domainId,
                        "group", group,
                        "option", option,
                        "value", sensitive ? cipher.seal(id, text) : text,
                        "sensitive", sensitive));
    }

    void clear(Transaction tx, String domainId) {
        tx.execute("delete from DomainConfigRow where domainId = :id", Map.of("id", domainId));
    }

    static FaultException missing(String domainId, @Nullable String group, @Nullable String option) {
        String what = option != null
                ? "option " + option + " in group " + group
                : group != null ? "group " + group : "any options";
        return Fault.notFound("Could not find " + what + " in domain configuration for domain " + domainId + ".");
    }

    private static JsonNode value(DomainConfigRow row) {
        try {
            return JSON.readTree(row.value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The option " + row.id + " is not JSON", e);
        }
    }
}
