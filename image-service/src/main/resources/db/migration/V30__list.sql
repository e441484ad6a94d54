-- A page of images is read in its order from one index for each visibility and for what is one's own, however many there are.
create index image_listed on image (visibility, os_hidden, created_at desc, id desc) where status <> 'deleted';
create index image_listed_owner on image (owner, visibility, os_hidden, created_at desc, id desc) where status <> 'deleted';
create index image_listed_name on image (name, visibility, os_hidden, created_at desc, id desc) where status <> 'deleted';
drop index image_newest;
drop index image_owner;
drop index image_name;
drop index image_seen;

-- What was shared with a project is read in that order too: the time of an image never changes.
alter table image_member add column image_created_at timestamptz;
create function image_member_of_image() returns trigger language plpgsql as $$
begin
    select image.created_at into new.image_created_at from image where image.id = new.image_id;
    return new;
end
$$;
create trigger image_member_of_image before insert on image_member for each row execute function image_member_of_image();
update image_member set image_created_at = image.created_at from image where image.id = image_member.image_id;
create index image_member_images on image_member (member_id, status, image_created_at desc, image_id desc);
drop index image_member_member;
