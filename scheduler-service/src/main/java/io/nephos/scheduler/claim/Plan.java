package io.nephos.scheduler.claim;

import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.Host;
import java.util.List;

/** An ask that is to get a host, and cells in it; good while the host's generation is what it was when this was planned. */
record Plan(Unit unit, Ask ask, Host host, List<CellShare> cells) {}
