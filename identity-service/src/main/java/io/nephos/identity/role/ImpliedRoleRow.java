package io.nephos.identity.role;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Who has the prior role has the implied one too; the id is "{@code <prior>/<implied>}". */
@Entity
@Table(name = "implied_role")
public class ImpliedRoleRow {
    @Id
    public String id;

    public String priorId;
    public String impliedId;

    public static ImpliedRoleRow of(String priorId, String impliedId) {
        ImpliedRoleRow row = new ImpliedRoleRow();
        row.id = key(priorId, impliedId);
        row.priorId = priorId;
        row.impliedId = impliedId;
        return row;
    }

    static String key(String priorId, String impliedId) {
        return priorId + "/" + impliedId;
    }
}
