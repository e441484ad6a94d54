-- Who is below a provider is asked when it is moved or deleted.
create index resource_provider_parent on resource_provider (parent_id);
