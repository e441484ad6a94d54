-- Where a user came from: "local" was made here and lives in Keycloak, "keycloak" came to be there (console, LDAP, broker),
-- "federated" has no password and no user in Keycloak: only an identity provider vouches for him.
-- keycloak_*: what Keycloak had when both sides were last equal; what differs from it since is a change. Null: never yet.
alter table app_user add column origin text not null default 'local';
alter table app_user add column keycloak_username text;
alter table app_user add column keycloak_enabled boolean;

drop index user_name;
create unique index user_name on app_user (domain_id, lower(name)) where origin <> 'federated';
create index user_domain on app_user (domain_id);
