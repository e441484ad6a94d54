package io.nephos.compute.api;

import io.nephos.kit.http.Microversion;
import io.nephos.kit.http.MicroversionRange;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * The microversions of this service. Append only; a line says what a version changed here. Versions that changed only what
 * does not exist yet (migrations, consoles, rescue, shelving, cells) are not listed.
 *
 * <pre>
 * 2.2  key pairs have a type; creating one answers 201, deleting one 204
 * 2.3  servers show hostname, reservation, launch index, root device and user data to admins; delete_on_termination
 * 2.5  ip6 filters for everybody
 * 2.7  access to a public flavor cannot be granted (409)
 * 2.9  servers show locked
 * 2.10 key pairs of another user, for admins
 * 2.11 services show and set forced_down
 * 2.13 server groups show project and user
 * 2.15 soft affinity and soft anti-affinity
 * 2.16 servers show host_status
 * 2.18 no project id in the path
 * 2.19 servers have a description
 * 2.21 actions of deleted servers can be read
 * 2.26 server tags
 * 2.28 cpu_info of a hypervisor is an object
 * 2.32 tags on networks and block devices of a new server
 * 2.33 hypervisors are paged
 * 2.35 key pairs are paged
 * 2.36 the network proxies are gone, and what limits and quotas said of networks
 * 2.37 networks: "auto" and "none"; networks must be given
 * 2.38 an unknown status in a filter is a 400
 * 2.39 limits no longer have maxImageMeta
 * 2.41 aggregates show their UUID
 * 2.45 createImage answers with a body
 * 2.46 X-OpenStack-Request-ID in every answer
 * 2.47 a server's flavor is embedded
 * 2.49 tags on interfaces and volumes attached later
 * 2.50 quotas have server_groups and server_group_members and no longer fixed IPs
 * 2.51 events of actions for everybody, without tracebacks
 * 2.52 tags on a new server
 * 2.53 hypervisors and services are named by UUID
 * 2.55 flavors have a description
 * 2.57 no personality; no injected_* quotas and limits
 * 2.58 actions are paged and have updated_at
 * 2.61 flavors show extra_specs
 * 2.62 events of actions show the host
 * 2.63 servers show trusted_image_certificates
 * 2.64 server groups have one policy with rules
 * 2.66 changes-before
 * 2.69 a down cell would show partial servers (there is one cell)
 * 2.70 tags of interfaces and volumes are shown
 * 2.71 servers show server_groups
 * 2.73 locked_reason
 * 2.74 host and hypervisor_hostname of a new server
 * 2.75 updating a server answers like showing it; unknown query parameters are a 400
 * 2.79 delete_on_termination when attaching
 * </pre>
 */
@ApplicationScoped
public class ComputeVersions {
    public static final Microversion MIN = new Microversion(2, 1);
    public static final Microversion MAX = new Microversion(2, 79);

    @Produces
    @Singleton
    MicroversionRange range() {
        return new MicroversionRange("compute", MIN, MAX, Optional.of("X-OpenStack-Nova-API-Version"));
    }
}
