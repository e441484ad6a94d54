package io.nephos.block.type;

import io.nephos.kit.data.Database;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Volume types in the database, and which of the private ones a project sees. */
@ApplicationScoped
public class VolumeTypeStore {
    private final Database database;
    private final Policy policy;

    @Inject
    public VolumeTypeStore(Database database, Policy policy) {
        this.database = database;
        this.policy = policy;
    }

    /** All that the caller sees, by name. */
    public List<VolumeTypeRow> list(Caller caller) {
        return database.read(tx -> isAdmin(caller)
                ? tx.list(VolumeTypeRow.class, "from VolumeTypeRow order by name", Map.of())
                : tx.list(
                        VolumeTypeRow.class,
                        "from VolumeTypeRow t where t.isPublic or exists (select 1 from TypeAccessRow a"
                                + " where a.typeId = t.id and a.projectId = :project) order by t.name",
                        Map.of("project", caller.project())));
    }

    /** 404 when the caller does not see it. */
    public VolumeTypeRow visible(Caller caller, String id) {
        return list(caller).stream()
                .filter(type -> type.id.equals(id))
                .findFirst()
                .orElseThrow(() -> missing(id));
    }

    /** By id or by name; the default one when nothing is named. 404 when the caller sees none such. */
    public VolumeTypeRow chosen(Caller caller, Optional<String> idOrName) {
        if (idOrName.isEmpty()) {
            return byDefault();
        }
        String wanted = idOrName.get();
        List<VolumeTypeRow> types = list(caller);
        return types.stream()
                .filter(type -> type.id.equals(wanted))
                .findFirst()
                .or(() ->
                        types.stream().filter(type -> type.name.equals(wanted)).findFirst())
                .orElseThrow(() -> missing(wanted));
    }

    public VolumeTypeRow byDefault() {
        return database.read(tx -> tx.first(VolumeTypeRow.class, "from VolumeTypeRow where isDefault", Map.of()))
                .orElseThrow(() -> Fault.notFound("Default volume type can not be found."));
    }

    /** The names of all types, by id. */
    public Map<String, String> names() {
        return database.rows("select id, name from volume_type").stream()
                .collect(Collectors.toMap(row -> row.getString("id"), row -> row.getString("name")));
    }

    /** 409 when there is one of that name. */
    void insert(VolumeTypeRow type) {
        try {
            database.run(tx -> tx.insert(type));
        } catch (UniqueViolation taken) {
            throw Fault.conflict("Volume Type " + type.name + " already exists.");
        }
    }

    VolumeTypeRow change(String id, Consumer<VolumeTypeRow> change) {
        try {
            return database.write(tx -> {
                VolumeTypeRow type = tx.lock(VolumeTypeRow.class, id).orElseThrow(() -> missing(id));
                change.accept(type);
                tx.update(type);
                return type;
            });
        } catch (UniqueViolation taken) {
            throw Fault.conflict("Another volume type has that name already.");
        }
    }

    /** 400 while volumes are of it, or when it is the default one. */
    void delete(String id) {
        database.run(tx -> {
            VolumeTypeRow type = tx.lock(VolumeTypeRow.class, id).orElseThrow(() -> missing(id));
            if (type.isDefault) {
                throw Fault.badRequest("The default volume type cannot be deleted.");
            }
            long volumes = tx.count("select count(*) from VolumeRow where typeId = :id", Map.of("id", id));
            if (volumes > 0) {
                throw Fault.badRequest("Volume type " + id + " is in use by " + volumes + " volumes.");
            }
            tx.delete(type);
        });
    }

    List<TypeAccessRow> access(String typeId) {
        return database.read(tx -> tx.list(
                TypeAccessRow.class, "from TypeAccessRow where typeId = :id order by projectId", Map.of("id", typeId)));
    }

    /** 409 when the project has it already. */
    void grant(TypeAccessRow access) {
        try {
            database.run(tx -> tx.insert(access));
        } catch (UniqueViolation taken) {
            throw Fault.conflict("Volume type access for project " + access.projectId + " already exists.");
        }
    }

    /** 404 when the project does not have it. */
    void revoke(String typeId, String projectId) {
        int removed = database.execute(
                "delete from volume_type_access where type_id = $1 and project_id = $2", typeId, projectId);
        if (removed == 0) {
            throw Fault.notFound("Volume type access not found for " + typeId + " / " + projectId + " combination.");
        }
    }

    private boolean isAdmin(Caller caller) {
        return policy.allows("context_is_admin", caller, Map.of());
    }

    static FaultException missing(String id) {
        return Fault.notFound("Volume type " + id + " could not be found.");
    }
}
