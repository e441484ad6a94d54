package io.nephos.identity.group;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A user is in a group; the id is "{@code <group>/<user>}". */
@Entity
@Table(name = "membership")
public class MembershipRow {
    @Id
    public String id;

    public String groupId;
    public String userId;

    static String key(String groupId, String userId) {
        return groupId + "/" + userId;
    }
}
