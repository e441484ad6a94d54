package io.nephos.agent.instance;

import io.nephos.agent.hypervisor.DomainSpec;
import io.nephos.agent.hypervisor.PortDevice;
import io.nephos.agent.hypervisor.VolumeDevice;

/** One idempotent step towards the wanted state of a domain. */
sealed interface Step {
    /** Writes the definition; takes effect at the next start. */
    record Define(DomainSpec domain) implements Step {}

    record Start() implements Step {}

    /** Asks the guest to shut down and cuts the power when it does not. */
    record Stop() implements Step {}

    record Suspend() implements Step {}

    record Resume() implements Step {}

    record AttachPort(PortDevice port) implements Step {}

    record DetachPort(String portId) implements Step {}

    record AttachVolume(VolumeDevice volume) implements Step {}

    record DetachVolume(String attachmentId) implements Step {}
}
