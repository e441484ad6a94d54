-- Which backend has the volume's bytes, and where its image lies in Ceph as FSID/POOL/IMAGE/SNAPSHOT.
alter table volume add column backend text not null default 'file';
alter table volume add column image_rbd text;
