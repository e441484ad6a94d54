package io.nephos.kit.tenant;

import io.nephos.kit.fault.FaultException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The deletion of what a project has left, with what would not go. */
public final class Purge {
    private final List<Refused> refused = new ArrayList<>();

    /** Deletes each; a refusal is kept and the others go on. */
    public void each(String kind, List<String> ids, Consumer<String> delete) {
        for (String id : ids) {
            try {
                delete.accept(id);
            } catch (FaultException e) {
                refused.add(new Refused(kind, id, e.fault().message()));
            }
        }
    }

    List<Refused> refused() {
        return refused;
    }

    record Refused(String kind, String id, String reason) {}
}
