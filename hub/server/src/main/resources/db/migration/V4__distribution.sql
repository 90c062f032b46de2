-- What came of which sender on which day (UTC, of the message's own time), counted in the transaction
-- that stores the message. Outbox 0: the sender gives its messages no identity.
create table distribution (
  gateway varchar(64) not null,
  outbox int not null,
  source varchar(128) not null,
  app varchar(64) not null,
  sent_day date not null,
  messages bigint not null,
  measurements bigint not null,
  bytes bigint not null,
  first_record bigint not null,
  last_record bigint not null,
  primary key (gateway, sent_day, source, app, outbox)
);
