-- The blob is encrypted: "<key id>:<base 64 of nonce and ciphertext>".
create table credential (
    id         text   primary key,
    user_id    text   not null,
    project_id text,
    type       text   not null,
    blob       text   not null,
    extra      text   not null,
    generation bigint not null
);
create index credential_user on credential (user_id, type);
create index credential_project on credential (project_id);
