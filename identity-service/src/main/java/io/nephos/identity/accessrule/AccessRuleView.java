package io.nephos.identity.accessrule;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The wire JSON of an access rule. */
public final class AccessRuleView {
    private AccessRuleView() {}

    static ObjectNode of(AccessRuleRow row) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", row.id)
                .put("service", row.service)
                .put("method", row.method)
                .put("path", row.path);
    }

    /** As an application credential shows its rules. */
    public static ArrayNode of(List<AccessRuleRow> rows) {
        return JsonNodeFactory.instance
                .arrayNode()
                .addAll(rows.stream().map(AccessRuleView::of).toList());
    }
}
