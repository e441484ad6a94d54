create table optimizer_plan (
    id                 text        primary key,
    goal               text        not null,
    state              text        not null,
    -- no foreign key: a plan is read after its host has gone
    host_id            text,
    max_migrations     int         not null,
    time_limit_seconds int         not null,
    requested_by       text        not null,
    approved_by        text,
    message            text        not null,
    plan               text,
    created_at         timestamptz not null,
    updated_at         timestamptz not null
);
create index optimizer_plan_created on optimizer_plan (created_at);
