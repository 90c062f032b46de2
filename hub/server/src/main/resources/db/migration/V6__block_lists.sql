-- The list of blocks of a file, a file of its own: made once, when the first deployment names the file.
create table block_lists (
  sha256 varchar(64) not null primary key,
  list_sha256 varchar(64) not null
);
