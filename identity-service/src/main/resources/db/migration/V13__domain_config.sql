-- An option of a domain's own configuration, as JSON; encrypted when it is sensitive.
create table domain_config (
    id          text    primary key,
    domain_id   text    not null references project (id) on delete cascade,
    group_name  text    not null,
    option_name text    not null,
    value       text    not null,
    sensitive   boolean not null
);
create index domain_config_domain on domain_config (domain_id);
