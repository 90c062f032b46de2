-- A version may have 64 characters, as an artifact's name may.
alter table artifact_files alter column version set data type varchar(64);
alter table artifacts alter column version set data type varchar(64);
