package io.nephos.image.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.image.quota.Limit;
import io.nephos.image.quota.Limits;
import io.nephos.image.quota.Room;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** An image as a client wants it and may have it; not in the database yet. */
@ApplicationScoped
public class NewImage {
    private final VisibilityRules visibilities;
    private final Limits limits;
    private final Policy policy;
    private final Bounds bounds;

    @Inject
    NewImage(VisibilityRules visibilities, Limits limits, Policy policy, Bounds bounds) {
        this.visibilities = visibilities;
        this.limits = limits;
        this.policy = policy;
        this.bounds = bounds;
    }

    /** Queued. 400, 403 and 413 as Glance has them. */
    public Image of(Caller caller, JsonNode attributes) {
        Draft draft = new Draft(caller.project());
        String id = UUID.randomUUID().toString();
        for (Map.Entry<String, JsonNode> field : attributes.properties()) {
            if (field.getKey().equals(ImageAttribute.ID.wire())) {
                id = ImageAttribute.ID.text(field.getValue()).orElseThrow();
            } else {
                draft.set(field.getKey(), field.getValue());
            }
        }
        OffsetDateTime now = ImageStore.now();
        Attributes all = bounds.require(draft.build());
        Image image = new Image(id, Status.QUEUED, all, Optional.empty(), Optional.empty(), now, now, 0);
        String owner = image.attributes().owner();
        Map<String, String> target =
                Map.of("project_id", caller.project(), "owner", owner, "tenant_id", caller.project());
        if (!owner.equals(caller.project()) && !policy.allows("add_image", caller, target)) {
            throw Fault.forbidden("You are not permitted to create images owned by '" + owner + "'.");
        }
        policy.require("add_image", caller, target);
        visibilities.require(caller, image);
        return image;
    }

    /** What must be there for one more image of its owner. */
    Room room(Image image) {
        return limits.room(image.attributes().owner(), Limit.COUNT_TOTAL);
    }
}
