package io.nephos.scheduler.claim;

import io.nephos.scheduler.core.Host;

/** An ask that is to get a host; good while the host's generation is what it was when this was planned. */
record Plan(Unit unit, Ask ask, Host host) {}
