create table access_rule (
    id      text primary key,
    user_id text not null references app_user (id) on delete cascade,
    service text not null,
    method  text not null,
    path    text not null
);
create unique index access_rule_content on access_rule (user_id, service, method, path);

-- A rule that is in use cannot go; a credential that goes uses none.
create table application_credential_rule (
    application_credential_id text not null references application_credential (id) on delete cascade,
    access_rule_id            text not null references access_rule (id),
    position                  int  not null,
    primary key (application_credential_id, access_rule_id)
);
create index application_credential_rule_rule on application_credential_rule (access_rule_id);
