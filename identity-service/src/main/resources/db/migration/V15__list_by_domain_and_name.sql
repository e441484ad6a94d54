-- A domain's view of assignments, and users found by name in any domain.
create index project_domain on project (domain_id);
create index user_by_name on app_user (lower(name));
