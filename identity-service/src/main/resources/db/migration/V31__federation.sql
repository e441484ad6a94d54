create table identity_provider (
    id                text    primary key,
    domain_id         text    not null,
    enabled           boolean not null,
    description       text,
    authorization_ttl int,
    generation        bigint  not null
);

-- By what a provider calls itself in what it signs; each name is one provider's.
create table provider_remote_id (
    id     text primary key,
    idp_id text not null references identity_provider (id) on delete cascade
);
create index provider_remote_idp on provider_remote_id (idp_id);

create table mapping (
    id             text   primary key,
    rules          text   not null,
    schema_version text   not null,
    generation     bigint not null
);

create table federation_protocol (
    id                  text   primary key,
    idp_id              text   not null references identity_provider (id) on delete cascade,
    name                text   not null,
    mapping_id          text   not null,
    remote_id_attribute text,
    generation          bigint not null
);
create index federation_protocol_idp on federation_protocol (idp_id);

-- As whom a provider knows a user.
create table federated_user (
    id          text primary key,
    user_id     text not null references app_user (id) on delete cascade,
    idp_id      text not null,
    protocol_id text not null,
    unique_id   text not null
);
create unique index federated_user_unique on federated_user (idp_id, protocol_id, unique_id);
create index federated_user_user on federated_user (user_id);

-- Memberships that a mapping gave; they count until they expire, and each sign-in renews them.
create table federated_membership (
    id         text        primary key,
    user_id    text        not null references app_user (id) on delete cascade,
    group_id   text        not null references user_group (id) on delete cascade,
    idp_id     text        not null,
    expires_at timestamptz not null
);
create index federated_membership_user on federated_membership (user_id);
