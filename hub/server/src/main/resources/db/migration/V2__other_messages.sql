-- Messages of applications that have no table of their own, for example FLOW-V1. Metrics are JSON.
create table other_messages (
  message bigint primary key references messages (id),
  gateway varchar(64) not null,
  app varchar(64) not null,
  resource varchar(128) not null,
  time timestamp with time zone not null,
  metrics varchar not null,
  body bytea not null
);
create index other_messages_by_time on other_messages (gateway, app, time);
