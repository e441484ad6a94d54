create table volume_type (
    id          text        primary key,
    name        text        not null unique,
    description text,
    is_public   boolean     not null default true,
    is_default  boolean     not null default false,
    extra_specs text        not null default '{}',
    created_at  timestamptz not null default now(),
    generation  bigint      not null default 0
);
create unique index volume_type_one_default on volume_type (is_default) where is_default;
insert into volume_type (id, name, description, is_default)
values (gen_random_uuid()::text, '__DEFAULT__', 'Default Volume Type', true);

create table volume_type_access (
    id         text primary key,
    type_id    text not null references volume_type (id) on delete cascade,
    project_id text not null,
    unique (type_id, project_id)
);

-- task is what the reconciler still has to do ('' when nothing): create, extend, delete. status is what clients see.
create table volume (
    id                text        primary key,
    project_id        text        not null,
    user_id           text        not null,
    name              text,
    description       text,
    size_gib          bigint      not null,
    wanted_gib        bigint      not null,
    status            text        not null,
    task              text        not null default '',
    task_since        timestamptz not null default now(),
    fault             text        not null default '',
    bootable          boolean     not null default false,
    read_only         boolean,
    availability_zone text        not null,
    type_id           text        not null references volume_type (id),
    source_volume_id  text,
    image_id          text,
    image_format      text,
    image_metadata    text,
    metadata          text        not null default '{}',
    fencing           bigint      not null default 0,
    created_at        timestamptz not null,
    updated_at        timestamptz,
    generation        bigint      not null default 0
);
create index volume_of_project on volume (project_id, created_at desc, id desc);
create index volume_of_type on volume (type_id);

-- host is empty while the volume is only reserved, or attached by a client that does not need an export.
create table attachment (
    id          text        primary key,
    volume_id   text        not null references volume (id),
    project_id  text        not null,
    server_id   text        not null,
    host        text        not null,
    host_name   text        not null default '',
    device      text        not null,
    status      text        not null,
    read_only   boolean     not null default false,
    fencing     bigint      not null,
    created_at  timestamptz not null,
    attached_at timestamptz,
    generation  bigint      not null default 0
);
create index attachment_of_volume on attachment (volume_id);
create index attachment_of_server on attachment (server_id);

create table quota_limit (
    project_id text   not null,
    resource   text   not null,
    value      bigint not null,
    primary key (project_id, resource)
);

-- The directories of volumes that belong to this database; in any other, nothing is ever swept away.
create table store (
    id         text        primary key,
    created_at timestamptz not null default now()
);
