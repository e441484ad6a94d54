package io.nephos.identity.assignment;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A grant as it was given; the id is made of all the other columns. */
@Entity
@Table(name = "assignment")
public class AssignmentRow {
    @Id
    public String id;

    public String actorType;
    public String actorId;
    public String targetType;
    public String targetId;
    public String roleId;
    public boolean inherited;

    public static AssignmentRow of(Grant grant) {
        AssignmentRow row = new AssignmentRow();
        row.id = grant.key();
        row.actorType = grant.actor().type();
        row.actorId = grant.actor().id();
        row.targetType = grant.target().type();
        row.targetId = grant.target().id();
        row.roleId = grant.roleId();
        row.inherited = grant.inherited();
        return row;
    }

    public Grant grant() {
        return new Grant(new Actor(actorType, actorId), new Target(targetType, targetId), roleId, inherited);
    }
}
