package io.nephos.image.member;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;

/** That an image is shared with a project, and what the project thinks of it: pending, accepted or rejected. */
@Entity
@Table(name = "image_member")
class MemberRow {
    @Id
    String id;

    @Column(name = "image_id")
    String imageId;

    @Column(name = "member_id")
    String memberId;

    String status;

    @Column(name = "created_at")
    OffsetDateTime createdAt;

    @Column(name = "updated_at")
    OffsetDateTime updatedAt;
}
