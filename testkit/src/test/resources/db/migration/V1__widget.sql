create table widget (
    id         text   primary key,
    name       text   not null unique,
    state      text   not null,
    generation bigint not null
);
