-- A volume that hosts reach in Ceph instead of by NBD, as FSID/POOL/IMAGE; and whether guests may write to it.
alter table server_volume add column rbd text not null default '';
alter table server_volume add column read_only boolean not null default false;
