package io.nephos.compute.quota;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A limit that an admin set for a project. */
@Entity
@Table(name = "quota")
@IdClass(QuotaRow.Key.class)
public class QuotaRow {
    @Id
    @Column(name = "project_id")
    public String projectId;

    @Id
    public String resource;

    @Column(name = "hard_limit")
    public long hardLimit;

    /** Both columns. */
    public static class Key implements Serializable {
        private static final long serialVersionUID = 1L;
        public String projectId = "";
        public String resource = "";

        public Key() {}

        public Key(String projectId, String resource) {
            this.projectId = projectId;
            this.resource = resource;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.projectId.equals(projectId) && key.resource.equals(resource);
        }

        @Override
        public int hashCode() {
            return Objects.hash(projectId, resource);
        }
    }
}
