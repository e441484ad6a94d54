create sequence aggregate_id;
create table aggregate (
    id                 int primary key,
    uuid               text        not null unique,
    name               text        not null,
    metadata           text        not null,
    hosts              text        not null,
    deleted            boolean     not null,
    generation         bigint      not null,
    applied_generation bigint      not null,
    created_at         timestamptz not null,
    updated_at         timestamptz
);
create unique index aggregate_name on aggregate (name) where not deleted;
