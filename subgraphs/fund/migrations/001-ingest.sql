-- The ingest's own two layers: bronze keeps every file as it was received, silver the typed rows that passed the checks
-- and the quarantine of those that did not. What is published stands in gold (contracts/warehouse).

create schema bronze;
create schema silver;

-- One row per distinct file of a source; `content` is byte for byte what came, so it can be read again under better rules.
create table bronze.file (
  file_id     bigint generated always as identity primary key,
  source      text not null,
  name        text not null,
  sha256      char(64) not null check (sha256 = encode(pg_catalog.sha256(content), 'hex')),
  received_at timestamptz not null default clock_timestamp(),
  byte_count  bigint not null check (byte_count = octet_length(content)),
  content     bytea not null,
  unique (source, sha256)
);

create function bronze.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'bronze.file is append-only: % refused', tg_op;
end $$;
create trigger append_only before update or delete or truncate on bronze.file
  for each statement execute function bronze.refuse_change();

-- One reading of a data file, together with the reference file (fund master data) that it was read against.
create table silver.load (
  load_id           bigint generated always as identity primary key,
  source            text not null,
  data_file_id      bigint not null references bronze.file,
  reference_file_id bigint references bronze.file,
  rows_read         int not null,
  loaded_at         timestamptz not null default clock_timestamp(),
  unique nulls not distinct (data_file_id, reference_file_id)
);

-- Every source so far has one share class per fund, so one row describes both.
create table silver.share_class (
  load_id         bigint not null references silver.load,
  share_class_id  text not null,
  fund_id         text not null,
  legal_fund_name text not null,
  fund_house      text not null,
  category        text not null,
  domicile        char(2) not null,
  isin            char(12),
  currency        char(3) not null,
  primary key (load_id, share_class_id)
);

create table silver.nav (
  load_id        bigint not null references silver.load,
  share_class_id text not null,
  nav_date       date not null,
  nav_price      numeric(38, 10) not null check (nav_price > 0),
  line           int not null,
  primary key (load_id, share_class_id, nav_date)
);

create table silver.fx_rate (
  load_id   bigint not null references silver.load,
  currency  char(3) not null,
  rate_date date not null,
  rate      numeric(38, 10) not null check (rate > 0),
  line      int not null,
  primary key (load_id, currency, rate_date)
);

-- What did not pass: the line as it stood in the file, the column where one cell is meant, and why.
create table silver.quarantine (
  quarantine_id bigint generated always as identity primary key,
  load_id       bigint not null references silver.load,
  file_id       bigint not null references bronze.file,
  line          int not null,
  column_name   text,
  raw           text not null,
  reason        text not null
);
create index on silver.quarantine (load_id);

grant usage on schema bronze, silver to warehouse_writer;
grant select, insert on all tables in schema bronze, silver to warehouse_writer;
