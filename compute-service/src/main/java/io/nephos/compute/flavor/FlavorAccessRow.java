package io.nephos.compute.flavor;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A project that may use a private flavor. */
@Entity
@Table(name = "flavor_access")
@IdClass(FlavorAccessRow.Key.class)
public class FlavorAccessRow {
    @Id
    @Column(name = "flavor_id")
    public String flavorId;

    @Id
    @Column(name = "project_id")
    public String projectId;

    /** Both columns. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1L;
        public String flavorId = "";
        public String projectId = "";

        public Key() {}

        public Key(String flavorId, String projectId) {
            this.flavorId = flavorId;
            this.projectId = projectId;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.flavorId.equals(flavorId) && key.projectId.equals(projectId);
        }

        @Override
        public int hashCode() {
            return Objects.hash(flavorId, projectId);
        }
    }
}
