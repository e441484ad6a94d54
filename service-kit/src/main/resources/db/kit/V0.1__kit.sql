-- What service-kit needs in every service's database.
create table outbox (
    seq         bigint generated always as identity primary key,
    id          uuid        not null,
    topic       text        not null,
    key         text        not null,
    type        text        not null,
    body        text        not null,
    traceparent text,
    created_at  timestamptz not null default now()
);

create table outbox_relay (
    one         boolean     primary key default true check (one),
    owner       text        not null,
    lease_until timestamptz not null
);
insert into outbox_relay (owner, lease_until) values ('nobody', now());

create table reconcile_task (
    kind        text        not null,
    id          text        not null,
    due_at      timestamptz not null,
    wakes       bigint      not null default 1,
    attempts    int         not null default 0,
    lease_owner text,
    lease_until timestamptz,
    last_error  text,
    created_at  timestamptz not null default now(),
    primary key (kind, id)
);
create index reconcile_task_due on reconcile_task (due_at);
