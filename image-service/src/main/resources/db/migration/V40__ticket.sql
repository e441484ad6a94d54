-- The rights that hosts have to an image's bytes, each until it expires or is given back; they keep the bytes of a deleted
-- image. image.ticket_until says it still for what was issued before, and goes a release later.
create table image_ticket (
    image_id text        not null references image (id) on delete cascade,
    host     text        not null,
    until    timestamptz not null,
    primary key (image_id, host, until)
);
