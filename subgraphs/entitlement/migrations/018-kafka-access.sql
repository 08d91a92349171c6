-- Which targets a change has to reach. The first two are there always; KAFKA_ACCESS, where Kafka is the event log.
alter table entitlement.outbox drop constraint outbox_target_check;
create table entitlement.delivery_target (
  target text primary key check (target in ('WAREHOUSE', 'EVENT_LOG', 'KAFKA_ACCESS'))
);
insert into entitlement.delivery_target values ('WAREHOUSE'), ('EVENT_LOG');
grant select, insert, delete on entitlement.delivery_target to entitlement_service;
