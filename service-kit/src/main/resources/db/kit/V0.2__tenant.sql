-- What identity-service has told of projects and domains; a row stays when its project is gone, for what the project left here.
create table tenant (
    id         text        primary key,
    kind       text        not null check (kind in ('project', 'domain')),
    domain_id  text        not null,
    name       text        not null,
    enabled    boolean     not null,
    deleted_at timestamptz,
    generation bigint      not null
);
create index tenant_domain on tenant (domain_id);
