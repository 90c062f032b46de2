-- Which record of which outbox a report came in: what the gateway counts itself, whatever its clock says. 0: it gave none.
alter table gateways add column reported_outbox int not null default 0;
alter table gateways add column reported_record bigint not null default 0;
alter table deployment_reports add column reported_outbox int not null default 0;
alter table deployment_reports add column reported_record bigint not null default 0;
