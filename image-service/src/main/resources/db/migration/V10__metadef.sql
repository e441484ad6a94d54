-- Metadata definitions: what properties mean, for whoever offers them to users.
create table metadef_namespace (
    id           text primary key,
    namespace    text        not null unique,
    display_name text,
    description  text,
    visibility   text        not null,
    protected    boolean     not null,
    owner        text        not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    generation   bigint      not null
);
create index metadef_namespace_newest on metadef_namespace (created_at desc, id desc);

-- The objects, properties and tags of a namespace; body is what the client wrote.
create table metadef_definition (
    id           text primary key,
    namespace_id text        not null references metadef_namespace (id) on delete cascade,
    kind         text        not null,
    name         text        not null,
    body         text        not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    generation   bigint      not null,
    unique (namespace_id, kind, name)
);

create table metadef_resource_type (
    name       text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table metadef_association (
    id                text primary key,
    namespace_id      text        not null references metadef_namespace (id) on delete cascade,
    resource_type     text        not null references metadef_resource_type (name),
    prefix            text,
    properties_target text,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    unique (namespace_id, resource_type)
);

insert into metadef_resource_type (name, created_at, updated_at)
select name, now(), now()
from unnest(array ['OS::Cinder::Volume', 'OS::Glance::Image', 'OS::Nova::Aggregate', 'OS::Nova::Flavor', 'OS::Nova::Server',
    'OS::Trove::Instance']) as name;
