-- What everybody sees, for the lists of those who see little else.
create index image_seen on image (visibility) where visibility in ('public', 'community') and status <> 'deleted';
