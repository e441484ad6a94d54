create table widget (
    id         text   primary key,
    name       text   not null unique,
    project_id text   not null,
    state      text   not null,
    generation bigint not null
);
