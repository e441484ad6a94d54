create table registered_limit (
    id            text   primary key,
    service_id    text   not null references catalog_service (id),
    region_id     text   references region (id),
    resource_name text   not null,
    default_limit int    not null,
    description   text,
    generation    bigint not null
);
create unique index registered_limit_resource on registered_limit (service_id, coalesce(region_id, ''), resource_name);

-- Of a project or of a domain. What it limits is copied from the registered limit, which cannot change while it is
-- referred to; owner_domain_id is the domain itself, or that of the project.
create table resource_limit (
    id                  text   primary key,
    registered_limit_id text   not null references registered_limit (id),
    service_id          text   not null,
    region_id           text,
    resource_name       text   not null,
    project_id          text   references project (id) on delete cascade,
    domain_id           text   references project (id) on delete cascade,
    owner_domain_id     text   not null,
    resource_limit      int    not null,
    description         text,
    generation          bigint not null
);
create unique index resource_limit_once
    on resource_limit (registered_limit_id, coalesce(project_id, ''), coalesce(domain_id, ''));
create index resource_limit_project on resource_limit (project_id);
create index resource_limit_owner on resource_limit (owner_domain_id);
