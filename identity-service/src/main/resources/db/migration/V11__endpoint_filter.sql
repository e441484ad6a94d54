-- What a project's catalog is confined to; a project without rows has the whole catalog.
create table project_endpoint (
    id          text primary key,
    project_id  text not null references project (id) on delete cascade,
    endpoint_id text not null references endpoint (id) on delete cascade
);
create index project_endpoint_project on project_endpoint (project_id);
create index project_endpoint_endpoint on project_endpoint (endpoint_id);

-- filters: a JSON object of service_id, region_id, interface.
create table endpoint_group (
    id          text   primary key,
    name        text   not null,
    description text,
    filters     text   not null,
    generation  bigint not null
);

create table project_endpoint_group (
    id                text primary key,
    project_id        text not null references project (id) on delete cascade,
    endpoint_group_id text not null references endpoint_group (id) on delete cascade
);
create index project_endpoint_group_project on project_endpoint_group (project_id);
create index project_endpoint_group_group on project_endpoint_group (endpoint_group_id);
