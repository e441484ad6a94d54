-- Whose they are and what they are called is one key with their visibility: no plan, however old or general, can walk all
-- images of a visibility for those of one owner or name.
create index image_of_owner on image (owner) where status <> 'deleted';
create index image_listed_by_owner on image ((owner || ' ' || visibility), os_hidden, created_at desc, id desc)
    where status <> 'deleted';
create index image_listed_by_name on image ((visibility || ' ' || name), os_hidden, created_at desc, id desc)
    where status <> 'deleted';
create index image_listed_by_owner_and_name
    on image ((owner || ' ' || visibility || ' ' || name), os_hidden, created_at desc, id desc)
    where status <> 'deleted';
drop index image_listed_owner;
drop index image_listed_name;
