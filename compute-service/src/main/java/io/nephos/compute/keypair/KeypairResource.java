package io.nephos.compute.keypair;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Links;
import io.nephos.compute.api.Times;
import io.nephos.compute.quota.Quotas;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.Page;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** API reference, "Keypairs (keypairs)". */
@Path("/v2.1/os-keypairs")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class KeypairResource {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9 _-]{1,255}");
    private final RequestContext request;
    private final Policy policy;
    private final Database db;
    private final Quotas quotas;
    private final Links links;

    @Inject
    public KeypairResource(RequestContext request, Policy policy, Database db, Quotas quotas, Links links) {
        this.request = request;
        this.policy = policy;
        this.db = db;
        this.quotas = quotas;
        this.links = links;
    }

    @GET
    public ObjectNode list(
            @QueryParam("user_id") @Nullable String userId,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("marker") @Nullable String marker) {
        String user = user("index", userId);
        boolean paged = request.version().atLeast(2, 35);
        Page page = paged ? Page.of(limit, marker, 1000) : new Page(1000, java.util.Optional.empty());
        page.marker().ifPresent(name -> find(user, name, "marker [" + name + "] not found"));
        List<KeypairRow> rows = db.read(tx -> tx.list(
                KeypairRow.class,
                "from KeypairRow where userId = :u and name > :m order by name",
                Map.of("u", user, "m", page.marker().orElse("")),
                page.limit() + 1));
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode all = body.putArray("keypairs");
        rows.stream().limit(page.limit()).forEach(row -> all.addObject().set("keypair", brief(row)));
        if (paged && rows.size() > page.limit()) {
            body.set("keypairs_links", links.next(rows.get(page.limit() - 1).name));
        }
        return body;
    }

    @GET
    @Path("{name}")
    public ObjectNode show(@PathParam("name") String name, @QueryParam("user_id") @Nullable String userId) {
        KeypairRow row = find(user("show", userId), name, "");
        ObjectNode view = brief(row)
                .put("user_id", row.userId)
                .put("id", Math.abs((long) row.id.hashCode()))
                .put("created_at", Times.micros(row.createdAt))
                .put("deleted", false);
        view.putNull("deleted_at").putNull("updated_at");
        return Json.NODES.objectNode().set("keypair", view);
    }

    @POST
    public Response create(JsonNode body) {
        Fields fields = Fields.of(body, "keypair");
        boolean typed = request.version().atLeast(2, 2);
        boolean forOthers = request.version().atLeast(2, 10);
        fields.only(
                forOthers
                        ? new String[] {"name", "public_key", "type", "user_id"}
                        : typed ? new String[] {"name", "public_key", "type"} : new String[] {"name", "public_key"});
        KeypairRow row = new KeypairRow();
        row.userId = user("create", fields.optionalText("user_id", 1, 255).orElse(null));
        row.id = UUID.randomUUID().toString();
        row.name = fields.text("name", 1, 255).strip();
        if (!NAME.matcher(row.name).matches()) {
            throw Fault.badRequest("Keypair data is invalid: Keypair name contains unsafe characters");
        }
        row.type = fields.optionalOneOf("type", "ssh", "x509").orElse("ssh");
        row.createdAt = Times.now();
        String privateKey =
                fill(row, fields.optionalText("public_key", 1, 16384).orElse(null));
        try {
            db.run(tx -> {
                quotas.takeKeypair(tx, row.userId, request.caller().project());
                tx.insert(row);
            });
        } catch (UniqueViolation e) {
            throw Fault.conflict("Key pair '" + row.name + "' already exists.");
        }
        ObjectNode view = brief(row).put("user_id", row.userId);
        if (!privateKey.isEmpty()) {
            view.put("private_key", privateKey);
        }
        return Response.status(typed ? 201 : 200)
                .entity(Json.NODES.objectNode().set("keypair", view))
                .build();
    }

    @DELETE
    @Path("{name}")
    public Response delete(@PathParam("name") String name, @QueryParam("user_id") @Nullable String userId) {
        String user = user("delete", userId);
        KeypairRow row = find(user, name, "");
        db.run(tx -> tx.execute("delete from KeypairRow where id = :id", Map.of("id", row.id)));
        return Response.status(request.version().atLeast(2, 2) ? 204 : 202).build();
    }

    /** The private half when the service makes the key, else the empty text. */
    private static String fill(KeypairRow row, @Nullable String publicKey) {
        if (publicKey == null) {
            if (row.type.equals("x509")) {
                throw Fault.notImplemented("Certificates are not generated here; import one.");
            }
            OpenSshKey.Generated generated = OpenSshKey.generate("Generated-by-Nephos");
            row.publicKey = generated.publicKey().line();
            row.fingerprint = generated.publicKey().fingerprint();
            return generated.privateKey();
        }
        row.publicKey = publicKey;
        row.fingerprint = row.type.equals("x509")
                ? certificateFingerprint(publicKey)
                : OpenSshKey.parse(publicKey)
                        .orElseThrow(() -> invalid("failed to generate fingerprint"))
                        .fingerprint();
        return "";
    }

    private static String certificateFingerprint(String pem) {
        try {
            return OpenSshKey.colons(
                    "SHA-1",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                            .getEncoded());
        } catch (CertificateException e) {
            throw invalid("failed to generate X509 fingerprint");
        }
    }

    private static FaultException invalid(String reason) {
        return Fault.badRequest("Keypair data is invalid: " + reason);
    }

    private ObjectNode brief(KeypairRow row) {
        ObjectNode view = Json.NODES
                .objectNode()
                .put("name", row.name)
                .put("public_key", row.publicKey)
                .put("fingerprint", row.fingerprint);
        return request.version().atLeast(2, 2) ? view.put("type", row.type) : view;
    }

    private KeypairRow find(String userId, String name, String otherwise) {
        return db.read(tx -> tx.first(
                        KeypairRow.class,
                        "from KeypairRow where userId = :u and name = :n",
                        Map.of("u", userId, "n", name)))
                .orElseThrow(() -> otherwise.isEmpty()
                        ? Fault.notFound("Keypair " + name + " not found for user " + userId)
                        : Fault.badRequest(otherwise));
    }

    /** Whose key pairs are meant: the caller's, or since 2.10 those of the user that is named. */
    private String user(String verb, @Nullable String asked) {
        Caller caller = request.caller();
        String user = asked == null || !request.version().atLeast(2, 10) ? caller.userId() : asked;
        policy.require("os_compute_api:os-keypairs:" + verb, caller, Map.of("user_id", user));
        return user;
    }
}
