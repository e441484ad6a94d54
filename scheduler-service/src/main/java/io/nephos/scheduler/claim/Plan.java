package io.nephos.scheduler.claim;

import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.Host;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An ask that is to get a host, and cells in it; good while the host's generation is what it was when this was planned. */
record Plan(Unit unit, Ask ask, Host host, List<CellShare> cells) {
    /** A plan is one ask's at one moment: it is equal to itself only, and nobody compares whole hosts to find that out. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
