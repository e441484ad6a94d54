package io.nephos.image.member;

import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.kit.data.Database;
import io.nephos.kit.tenant.ProjectBelongings;
import io.nephos.kit.tenant.Purge;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;

/** A project's images; a project that is gone is a member of none. */
@ApplicationScoped
class ImageBelongings implements ProjectBelongings {
    private final Database database;
    private final ImageStore images;
    private final MemberStore members;

    @Inject
    ImageBelongings(Database database, ImageStore images, MemberStore members) {
        this.database = database;
        this.images = images;
        this.members = members;
    }

    @Override
    public Map<String, String> owners() {
        return Map.of("images", "select owner from image where status <> 'deleted'");
    }

    @Override
    public void forget(String projectId) {
        members.forget(projectId);
    }

    @Override
    public void purge(Caller administrator, String projectId, Purge purge) {
        List<String> ids =
                database
                        .rows("select id from image where owner = $1 and status <> 'deleted' order by id", projectId)
                        .stream()
                        .map(row -> row.getString("id"))
                        .toList();
        purge.each("images", ids, id -> images.change(id, Image::delete));
    }
}
