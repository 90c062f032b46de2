-- Messages that carry no record number are known by a digest of what they say.
create table message_digests (
  outbox int not null references outboxes (id),
  digest uuid not null,
  message bigint not null unique,
  primary key (outbox, digest)
);

-- What is kept for a time only is found by its arrival.
create index messages_by_arrival on messages (received_at);
create index dead_letters_by_arrival on dead_letters (received_at);

-- Which connection the state tells of, and the last one known to have ended.
alter table gateways add column connection_time timestamp with time zone;
alter table gateways add column ended_connection timestamp with time zone;

-- Hub processes that share this database. What a hub that is gone left at the broker, its keeper takes.
create table hubs (
  name varchar(64) primary key,
  process varchar(64) not null,
  key_id varchar(64) not null,
  seen_at timestamp with time zone not null,
  keeper varchar(64)
);

-- Requests that one of several hubs has taken upon itself.
create table claims (
  requester varchar(128) not null,
  request varchar(128) not null,
  claimed_at timestamp with time zone not null,
  primary key (requester, request)
);
create index claims_by_time on claims (claimed_at);

-- Whoever holds the row does the work of that name.
create table locks (
  name varchar(32) primary key
);
insert into locks (name) values ('hubs'), ('trainings'), ('retention');

alter table trainings add column hub varchar(64);

-- Files by their digests, where several hubs share the database; otherwise they lie in a directory.
create table contents (
  sha256 char(64) primary key,
  size bigint not null
);
create table content_blocks (
  sha256 char(64) not null,
  number int not null,
  bytes bytea not null,
  primary key (sha256, number)
);
