-- A domain is a project that acts as one, as in Keystone; its domain_id is its own id.
create table project (
    id          text        primary key,
    domain_id   text        not null,
    parent_id   text        not null,
    is_domain   boolean     not null,
    name        text        not null,
    description text        not null,
    enabled     boolean     not null,
    tags        text        not null,
    options     text        not null,
    extra       text        not null,
    generation  bigint      not null,
    created_at  timestamptz not null
);
create unique index project_name on project (domain_id, name) where not is_domain;
create unique index domain_name on project (name) where is_domain;
create index project_parent on project (parent_id);

-- The Keycloak user of the same id has the password; state: creating, active, deleting.
create table app_user (
    id                  text        primary key,
    domain_id           text        not null,
    name                text        not null,
    enabled             boolean     not null,
    default_project_id  text,
    options             text        not null,
    extra               text        not null,
    state               text        not null,
    has_password        boolean     not null,
    password_pending_at timestamptz,
    generation          bigint      not null,
    created_at          timestamptz not null
);
create unique index user_name on app_user (domain_id, lower(name));

create table user_group (
    id          text   primary key,
    domain_id   text   not null references project (id),
    name        text   not null,
    description text   not null,
    extra       text   not null,
    generation  bigint not null
);
create unique index group_name on user_group (domain_id, name);

create table membership (
    id       text primary key,
    group_id text not null references user_group (id) on delete cascade,
    user_id  text not null references app_user (id) on delete cascade
);
create index membership_group on membership (group_id);
create index membership_user on membership (user_id);

-- domain_id is empty for a role of the whole cloud.
create table role (
    id          text   primary key,
    name        text   not null,
    domain_id   text   not null,
    description text,
    options     text   not null,
    extra       text   not null,
    generation  bigint not null
);
create unique index role_name on role (domain_id, name);

create table implied_role (
    id         text primary key,
    prior_id   text not null references role (id) on delete cascade,
    implied_id text not null references role (id) on delete cascade
);

create table assignment (
    id          text    primary key,
    actor_type  text    not null check (actor_type in ('user', 'group')),
    actor_id    text    not null,
    target_type text    not null check (target_type in ('project', 'domain', 'system')),
    target_id   text    not null,
    role_id     text    not null references role (id) on delete cascade,
    inherited   boolean not null
);
create index assignment_actor on assignment (actor_id);
create index assignment_target on assignment (target_id);
create index assignment_role on assignment (role_id);

create table region (
    id          text   primary key,
    description text   not null,
    parent_id   text   not null,
    extra       text   not null,
    generation  bigint not null
);

create table catalog_service (
    id         text    primary key,
    type       text    not null,
    name       text    not null,
    enabled    boolean not null,
    extra      text    not null,
    generation bigint  not null
);

create table endpoint (
    id         text    primary key,
    service_id text    not null references catalog_service (id) on delete cascade,
    region_id  text,
    interface  text    not null,
    url        text    not null,
    enabled    boolean not null,
    extra      text    not null,
    generation bigint  not null
);
create index endpoint_service on endpoint (service_id);

create table trust (
    id                  text        primary key,
    trustor_user_id     text        not null,
    trustee_user_id     text        not null,
    project_id          text,
    impersonation       boolean     not null,
    expires_at          timestamptz,
    remaining_uses      int,
    redelegation_count  int         not null,
    redelegated_from    text,
    roles               text        not null,
    extra               text        not null,
    created_at          timestamptz not null,
    generation          bigint      not null
);
create index trust_trustor on trust (trustor_user_id);
create index trust_trustee on trust (trustee_user_id);

create table application_credential (
    id           text        primary key,
    user_id      text        not null references app_user (id) on delete cascade,
    project_id   text        not null,
    name         text        not null,
    description  text,
    secret_hash  text        not null,
    roles        text        not null,
    unrestricted boolean     not null,
    expires_at   timestamptz,
    created_at   timestamptz not null
);
create unique index application_credential_name on application_credential (user_id, name);
create index application_credential_project on application_credential (project_id);

create table revocation (
    id                        text   primary key,
    audit_id                  text   not null,
    audit_chain_id            text   not null,
    user_id                   text   not null,
    project_id                text   not null,
    domain_id                 text   not null,
    application_credential_id text   not null,
    issued_before_ms          bigint not null,
    expires_ms                bigint not null
);
create index revocation_expires on revocation (expires_ms);
