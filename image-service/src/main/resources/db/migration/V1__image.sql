create table image (
    id               text primary key,
    name             text,
    status           text        not null,
    visibility       text        not null,
    owner            text        not null,
    disk_format      text,
    container_format text,
    min_disk         int         not null,
    min_ram          int         not null,
    protected        boolean     not null,
    os_hidden        boolean     not null,
    tags             text        not null,
    properties       text        not null,
    size             bigint,
    virtual_size     bigint,
    checksum         text,
    os_hash_algo     text,
    os_hash_value    text,
    copies           text        not null,
    transfer_key     text,
    transfer_owner   text,
    transfer_until   timestamptz,
    ticket_until     timestamptz,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    generation       bigint      not null
);
create index image_newest on image (created_at desc, id desc) where status <> 'deleted';
create index image_owner on image (owner, created_at desc, id desc);
create index image_name on image (name);
create index image_transfer on image (transfer_key) where transfer_key is not null;

create table image_member (
    id         text primary key,
    image_id   text        not null references image (id) on delete cascade,
    member_id  text        not null,
    status     text        not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (image_id, member_id)
);
create index image_member_member on image_member (member_id);

-- Keys that all replicas must share.
create table signing_secret (
    name  text primary key,
    value text not null
);
