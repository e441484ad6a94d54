package io.nephos.identity.ec2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.credential.CredentialRow;
import io.nephos.identity.credential.CredentialStore;
import io.nephos.identity.credential.Delegation;
import io.nephos.identity.credential.Ec2Blob;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.http.Fields;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** /v3/users/{id}/credentials/OS-EC2: EC2 keys, known by their access key; each is also a credential of type "ec2". */
@Path("/v3/users/{user}/credentials/OS-EC2")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class Ec2CredentialResource {
    private final Database db;
    private final Access access;
    private final CredentialStore store;
    private final Delegation delegation;
    private final UserStore users;
    private final ProjectStore projects;
    private final Links links;

    @Inject
    public Ec2CredentialResource(
            Database db,
            Access access,
            CredentialStore store,
            Delegation delegation,
            UserStore users,
            ProjectStore projects,
            Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.delegation = delegation;
        this.users = users;
        this.projects = projects;
        this.links = links;
    }

    @GET
    public ObjectNode list(@PathParam("user") String user, @HeaderParam("X-Auth-Token") String token) {
        permit("identity:ec2_list_credentials", user, token);
        return links.list("credentials", db.read(tx -> {
            users.require(tx, user);
            return tx
                    .list(
                            CredentialRow.class,
                            "from CredentialRow where userId = :user and type = 'ec2' order by id",
                            Map.of("user", user))
                    .stream()
                    .map(this::view)
                    .toList();
        }));
    }

    @POST
    public Response create(
            @PathParam("user") String user, @HeaderParam("X-Auth-Token") String token, @Nullable JsonNode body) {
        permit("identity:ec2_create_credential", user, token);
        String project = Fields.ofBody(body).text("tenant_id", 1, 64);
        String key = Ids.random();
        CredentialRow row = new CredentialRow();
        row.id = CredentialStore.idOf(key);
        row.userId = user;
        row.projectId = project;
        row.type = "ec2";
        store.keep(row, Ec2Blob.text(key, Ids.random()));
        return db.write(tx -> {
            users.require(tx, user);
            projects.require(tx, project);
            tx.insert(row);
            return Response.status(201).entity(wrapped(row)).build();
        });
    }

    @GET
    @Path("/{key}")
    public ObjectNode show(
            @PathParam("user") String user, @PathParam("key") String key, @HeaderParam("X-Auth-Token") String token) {
        return wrapped(db.read(tx -> visible(tx, "identity:ec2_get_credential", user, key, token)));
    }

    @DELETE
    @Path("/{key}")
    public void delete(
            @PathParam("user") String user, @PathParam("key") String key, @HeaderParam("X-Auth-Token") String token) {
        db.run(tx -> tx.delete(visible(tx, "identity:ec2_delete_credential", user, key, token)));
    }

    private void permit(String rule, String user, String token) {
        access.require(rule, Map.of("user_id", user, "target.credential.user_id", user));
        delegation.refuse(token);
    }

    /** 404 for another user's key as well. */
    private CredentialRow visible(Transaction tx, String rule, String user, String key, String token) {
        permit(rule, user, token);
        users.require(tx, user);
        Optional<CredentialRow> row = store.find(tx, CredentialStore.idOf(key)).filter(CredentialRow::ec2);
        return row.filter(known -> known.userId.equals(user)).orElseThrow(() -> Faults.notFound("credential", key));
    }

    private ObjectNode view(CredentialRow row) {
        Ec2Blob blob = Ec2Blob.of(store.blob(row));
        ObjectNode node = Attributes.object("{}");
        node.put("user_id", row.userId).put("tenant_id", row.projectId);
        node.put("access", blob.access()).put("secret", blob.secret());
        node.put("trust_id", blob.trustId().orElse(null));
        node.set("links", links.self("users/" + row.userId + "/credentials/OS-EC2/" + blob.access()));
        return node;
    }

    private ObjectNode wrapped(CredentialRow row) {
        return Attributes.object("{}").set("credential", view(row));
    }
}
