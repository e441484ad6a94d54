package io.nephos.compute.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.fault.Fault;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** The extensions of old of which all calls exist here (API reference, "Extensions", deprecated). */
@Path("/v2.1/extensions")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ExtensionResource {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String[]> EXTENSIONS = List.of(
            new String[] {"ConsoleOutput", "os-console-output", "The end of a server's serial console."},
            new String[] {"Aggregates", "os-aggregates", "Host aggregates with metadata."},
            new String[] {"AvailabilityZone", "os-availability-zone", "Zones, and the zone of a server."},
            new String[] {"DiskConfig", "OS-DCF", "Whether the disk is partitioned to its full size."},
            new String[] {"ExtendedStatus", "OS-EXT-STS", "Task, VM and power state of a server."},
            new String[] {"FlavorAccess", "os-flavor-access", "Which projects may use a private flavor."},
            new String[] {"FlavorExtraSpecs", "os-flavor-extra-specs", "Extra specs of a flavor."},
            new String[] {"FlavorManage", "os-flavor-manage", "Flavors are made and deleted."},
            new String[] {"Hypervisors", "os-hypervisors", "The hosts' hypervisors."},
            new String[] {"InstanceActions", "os-instance-actions", "What was asked of a server, and what came of it."},
            new String[] {"Keypairs", "os-keypairs", "Key pairs of users."},
            new String[] {"LockServer", "os-lock-server", "Servers are locked against changes."},
            new String[] {"PauseServer", "os-pause-server", "Servers are paused and go on."},
            new String[] {"Quotas", "os-quota-sets", "Quotas of projects."},
            new String[] {"SecurityGroups", "os-security-groups", "Security groups of the project and of servers."},
            new String[] {"ServerGroups", "os-server-groups", "Groups for affinity."},
            new String[] {"Services", "os-services", "The processes of the compute service."},
            new String[] {"VolumeAttachmentUpdate", "os-volumes_attachments", "Volumes of a server."});

    @GET
    public ObjectNode list() {
        ObjectNode body = JSON.objectNode();
        ArrayNode all = body.putArray("extensions");
        EXTENSIONS.forEach(extension -> all.add(view(extension)));
        return body;
    }

    @GET
    @Path("{alias}")
    public ObjectNode show(@PathParam("alias") String alias) {
        return EXTENSIONS.stream()
                .filter(extension -> extension[1].equals(alias))
                .findFirst()
                .map(extension -> JSON.objectNode().<ObjectNode>set("extension", view(extension)))
                .orElseThrow(() -> Fault.notFound("No extension has the alias " + alias + "."));
    }

    private static ObjectNode view(String[] extension) {
        ObjectNode view = JSON.objectNode()
                .put("name", extension[0])
                .put("alias", extension[1])
                .put("description", extension[2])
                .put("namespace", "http://docs.openstack.org/compute/ext/fake_xml")
                .put("updated", "2014-12-03T00:00:00Z");
        view.putArray("links");
        return view;
    }
}
