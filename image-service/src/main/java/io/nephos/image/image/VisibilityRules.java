package io.nephos.image.image;

import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Who may let others see an image. */
@ApplicationScoped
class VisibilityRules {
    private final ImageStore images;
    private final Policy policy;

    @Inject
    VisibilityRules(ImageStore images, Policy policy) {
        this.images = images;
        this.policy = policy;
    }

    /** 403 unless that caller may make the image as visible as it is. */
    void require(Caller caller, Image image) {
        String rule = switch (image.attributes().visibility()) {
            case PUBLIC -> "publicize_image";
            case COMMUNITY -> "communitize_image";
            case PRIVATE, SHARED -> "";
        };
        if (!rule.isEmpty()) {
            policy.require(rule, caller, images.target(caller, image));
        }
    }
}
