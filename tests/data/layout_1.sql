-- raw_servicetitan as version 0.1.0, whose layout has no number, left it after a first sync of call_reasons, customers and jobs
-- of the simulator's business of one customer.
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
CREATE SCHEMA raw_servicetitan;
CREATE FUNCTION raw_servicetitan.counts_as_lost(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    select btrim(value, e' \t\n\r') <> '' and btrim(value, e' \t\n\r') not like '0001-01-01%'
$$;
COMMENT ON FUNCTION raw_servicetitan.counts_as_lost(value text) IS 'Whether there was anything to convert: neither no text nor the date by which ServiceTitan means never.';
CREATE FUNCTION raw_servicetitan.input_is_valid(value text, type text) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$select pg_input_is_valid(value, type)$$;
COMMENT ON FUNCTION raw_servicetitan.input_is_valid(value text, type text) IS 'Whether a text can be cast to a type; no, where PostgreSQL cannot tell without trying.';
CREATE FUNCTION raw_servicetitan.is_iso_8601(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select value ~ (
        '^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}'
        '([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?'
        '( ?(Z|[-+](0[0-9]|1[0-5])(:?[0-5][0-9])?))?)?$'
    )
$_$;
COMMENT ON FUNCTION raw_servicetitan.is_iso_8601(value text) IS 'Whether a text is a date of ISO 8601 with all its digits, with or without a time, that with or without a zone.';
CREATE FUNCTION raw_servicetitan.keep_former_parent() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ declare
    former text := raw_servicetitan.whole_number(old.record ->> tg_argv[0]);
begin
    if former is not null then
        new.former_parents := array_remove(old.former_parents, former) || former;
    end if;
    return new;
end $$;
COMMENT ON FUNCTION raw_servicetitan.keep_former_parent() IS 'Trigger: remembers the id in the field that its argument names, before the record names another one.';
CREATE FUNCTION raw_servicetitan.lost(value text) RETURNS text
    LANGUAGE plpgsql STRICT
    AS $$ begin
    if raw_servicetitan.counts_as_lost(value) then
        perform set_config('servicetitan.lost', 'yes', true);
    end if;
    return null;
end $$;
COMMENT ON FUNCTION raw_servicetitan.lost(value text) IS 'Null, and a flag for the rest of the transaction that there was a value which no column shows.';
CREATE FUNCTION raw_servicetitan.pending(entity text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT
    AS $$ begin
    return (
        select array_agg(distinct load_id) from raw_servicetitan.pending_loads
        where pending_loads.entity = pending.entity
    );
end $$;
COMMENT ON FUNCTION raw_servicetitan.pending(entity text) IS 'The loads of an entity that are not built yet; null without any.';
CREATE FUNCTION raw_servicetitan.to_bigint(value text) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$
    select case
        when case
            when raw_servicetitan.input_is_valid(value, 'bigint') then value::bigint::text = value
        end then value::bigint
        else raw_servicetitan.try_bigint(value)
    end
$$;
COMMENT ON FUNCTION raw_servicetitan.to_bigint(value text) IS 'A 64-bit integer in any form that JSON has for one; else null, and lost.';
CREATE FUNCTION raw_servicetitan.to_date(value text) RETURNS date
    LANGUAGE sql STABLE
    AS $_$
    select case
        when value like '2___-__-__T00:00:00Z' and left(value, 10) ~ '^[0-9]*-[0-9]*-[0-9]*$'
            and raw_servicetitan.input_is_valid(left(value, 10), 'date') then left(value, 10)::date
        else raw_servicetitan.try_date(value)
    end
$_$;
COMMENT ON FUNCTION raw_servicetitan.to_date(value text) IS 'The date as it is written, whatever the time and zone after it; else null, and lost.';
CREATE FUNCTION raw_servicetitan.to_numeric(value text, digits integer, scale integer) RETURNS numeric
    LANGUAGE sql STABLE
    AS $$
    select case
        when case
            when raw_servicetitan.input_is_valid(value, 'numeric(' || digits::text || ', ' || scale::text || ')')
                and value !~ '[eEN]' and length(value) < 100 then value::numeric::text = value
        end then value::numeric
        else raw_servicetitan.try_numeric(value, digits, scale)
    end
$$;
COMMENT ON FUNCTION raw_servicetitan.to_numeric(value text, digits integer, scale integer) IS 'A number that numeric(digits, scale) can hold, in any form that JSON has for one; else null, and lost.';
CREATE FUNCTION raw_servicetitan.to_timestamptz(value text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE
    AS $_$
    select case
        when value like '2___-__-__T__:__:__%Z'
            and value ~ '^[0-9]*-[0-9]*-[0-9]*T([01][0-9]|2[0-3]):[0-9]*:[0-5][0-9]([.][0-9]+)?Z$'
            and raw_servicetitan.input_is_valid(value, 'timestamptz') then value::timestamptz
        else raw_servicetitan.try_timestamptz(value)
    end
$_$;
COMMENT ON FUNCTION raw_servicetitan.to_timestamptz(value text) IS 'The instant of ISO 8601, without a zone UTC, whatever the session''s zone; else null, and lost.';
CREATE FUNCTION raw_servicetitan.today() RETURNS date
    LANGUAGE plpgsql STABLE
    AS $$ declare
    zone text;
begin
    foreach zone in array array[
        current_setting('servicetitan.time_zone', true),
        (
            select substr(setting, 10) from pg_db_role_setting, unnest(setconfig) as setting
            where setdatabase = (select oid from pg_database where datname = current_database())
                and setrole = 0 and setting ilike 'timezone=%'
        ),
        current_setting('timezone')
    ] loop
        begin
            if zone <> '' then
                return (now() at time zone zone)::date;
            end if;
        exception when data_exception then
            null; -- no such zone
        end;
    end loop;
    return current_date;
end $$;
COMMENT ON FUNCTION raw_servicetitan.today() IS 'The day by the database''s setting servicetitan.time_zone, else by its time zone, else by the session''s.';
CREATE FUNCTION raw_servicetitan.try_bigint(value text) RETURNS bigint
    LANGUAGE plpgsql STABLE STRICT
    AS $$ begin
    return coalesce(raw_servicetitan.whole_number(value), raw_servicetitan.lost(value)::bigint);
end $$;
CREATE FUNCTION raw_servicetitan.try_date(value text) RETURNS date
    LANGUAGE plpgsql STABLE STRICT
    AS $$ begin
    value := btrim(value, e' \t\n\r');
    if raw_servicetitan.is_iso_8601(value) then
        return left(value, 10)::date;
    end if;
    return raw_servicetitan.lost(value);
exception when data_exception then
    return raw_servicetitan.lost(value);
end $$;
CREATE FUNCTION raw_servicetitan.try_numeric(value text, digits integer, scale integer) RETURNS numeric
    LANGUAGE plpgsql STABLE STRICT
    AS $_$ begin
    value := btrim(value, e' \t\n\r');
    if value ~ '^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?$'
        and abs(round(value::numeric, scale)) < 10::numeric ^ (digits - scale) then
        return value::numeric;
    end if;
    return raw_servicetitan.lost(value);
exception when data_exception then
    return raw_servicetitan.lost(value);
end $_$;
CREATE FUNCTION raw_servicetitan.try_timestamptz(value text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE STRICT
    AS $$ begin
    value := btrim(value, e' \t\n\r');
    if not raw_servicetitan.is_iso_8601(value) then
        return raw_servicetitan.lost(value);
    elsif substr(value, 12) ~ '[-+Z]' then
        return least(value::timestamptz, '9999-12-31T23:59:59.999999Z');
    else
        return least(value::timestamp at time zone 'UTC', '9999-12-31T23:59:59.999999Z');
    end if;
exception when data_exception then
    return raw_servicetitan.lost(value);
end $$;
CREATE FUNCTION raw_servicetitan.whole_number(value text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
    select case
        when value ~ '^[1-9][0-9]{0,17}$' then value::bigint
        when value ~ '^[ \t\n\r]*-?(0|[1-9][0-9]{0,99})([.][0-9]{1,99})?([eE][-+]?[0-9]{1,3})?[ \t\n\r]*$' then case
            when value::numeric = trunc(value::numeric)
                and value::numeric between -9223372036854775808 and 9223372036854775807 then value::numeric::bigint
        end
    end
$_$;
COMMENT ON FUNCTION raw_servicetitan.whole_number(value text) IS 'The 64-bit integer that a JSON number, or a text that is one, stands for: 123, 123.0 and 1.23e2 are the same id.';
CREATE TABLE raw_servicetitan.rejected_records (
    tenant_id bigint NOT NULL,
    entity text NOT NULL,
    entity_type text DEFAULT ''::text NOT NULL,
    fingerprint text NOT NULL,
    reason text NOT NULL,
    record text NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    id text,
    healed_at timestamp with time zone
);
CREATE TABLE raw_servicetitan.sync_failures (
    tenant_id bigint NOT NULL,
    module text NOT NULL,
    entity_type text DEFAULT ''::text NOT NULL,
    st_id bigint NOT NULL,
    "column" text NOT NULL,
    value text NOT NULL,
    reason text NOT NULL,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    healed_at timestamp with time zone
);
CREATE TABLE raw_servicetitan.sync_log (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    run_id uuid NOT NULL,
    tenant_id bigint NOT NULL,
    module text NOT NULL,
    sync_type text NOT NULL,
    status text NOT NULL,
    records_fetched bigint DEFAULT 0 NOT NULL,
    records_created bigint DEFAULT 0 NOT NULL,
    records_updated bigint DEFAULT 0 NOT NULL,
    records_unchanged bigint DEFAULT 0 NOT NULL,
    records_deleted bigint DEFAULT 0 NOT NULL,
    records_failed bigint DEFAULT 0 NOT NULL,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    completed_at timestamp with time zone,
    duration_ms bigint,
    error_message text,
    error_details jsonb,
    triggered_by text NOT NULL,
    parameters jsonb DEFAULT '{}'::jsonb NOT NULL,
    api_calls bigint DEFAULT 0 NOT NULL,
    throttled_calls bigint DEFAULT 0 NOT NULL,
    cursor_from timestamp with time zone,
    cursor_to timestamp with time zone,
    failures_open bigint DEFAULT 0 NOT NULL
);
COMMENT ON TABLE raw_servicetitan.sync_log IS 'Made by 6e9166507af4faea of the ServiceTitan mirror.';
CREATE TABLE raw_servicetitan._dlt_loads (
    load_id character varying(64) NOT NULL,
    schema_name character varying,
    status bigint NOT NULL,
    inserted_at timestamp with time zone NOT NULL,
    schema_version_hash character varying
);
CREATE TABLE raw_servicetitan._dlt_version (
    version bigint NOT NULL,
    engine_version bigint NOT NULL,
    inserted_at timestamp with time zone NOT NULL,
    schema_name character varying NOT NULL,
    version_hash character varying NOT NULL,
    schema character varying NOT NULL
);
CREATE TABLE raw_servicetitan.appointment_assignments (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    former_parents text[]
);
CREATE TABLE raw_servicetitan.appointments (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.built_models (
    model text NOT NULL,
    files text NOT NULL,
    changed_at timestamp with time zone,
    problem text
);
CREATE TABLE raw_servicetitan.business_units (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.call_reasons (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.campaigns (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.custom_fields (
    tenant_id bigint NOT NULL,
    entity_type text NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.customer_contacts (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    former_parents text[]
);
CREATE TABLE raw_servicetitan.customers (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.dbt_lineage (
    files text NOT NULL,
    nodes jsonb NOT NULL,
    problem text
);
CREATE TABLE raw_servicetitan.estimates (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.installed_equipment (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.invoices (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.job_types (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.jobs (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.kept_merges (
    model text NOT NULL,
    statement text NOT NULL
);
CREATE TABLE raw_servicetitan.location_contacts (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    former_parents text[]
);
CREATE TABLE raw_servicetitan.locations (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.payments (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.pending_loads (
    tenant_id bigint NOT NULL,
    entity text NOT NULL,
    load_id text NOT NULL
);
CREATE TABLE raw_servicetitan.sync_cursors (
    tenant_id bigint NOT NULL,
    list text NOT NULL,
    entity text NOT NULL,
    cursor timestamp with time zone,
    full_due boolean DEFAULT true NOT NULL,
    full_synced_at timestamp with time zone,
    refused text[] DEFAULT '{}'::text[] NOT NULL,
    rejected_since timestamp with time zone,
    rejected_asked_at timestamp with time zone,
    rejected_asked_seconds double precision
);
CREATE TABLE raw_servicetitan.tag_types (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE raw_servicetitan.technicians (
    tenant_id bigint NOT NULL,
    id bigint NOT NULL,
    modified_on timestamp with time zone,
    deleted_at timestamp with time zone,
    record jsonb NOT NULL,
    _dlt_load_id character varying NOT NULL,
    first_seen_at timestamp with time zone DEFAULT now() NOT NULL
);
INSERT INTO raw_servicetitan._dlt_loads VALUES
	('1795706061.3233724', 'servicetitan', 0, '2026-11-26 15:14:21.679515+00', 'PhWYg6ZZchT4QpJ8syipbxeHoMpQ7lJb7nviJ95bPCA=');
INSERT INTO raw_servicetitan._dlt_version VALUES
	(2, 11, '2026-11-26 15:14:21.631278+00', 'servicetitan', 'PhWYg6ZZchT4QpJ8syipbxeHoMpQ7lJb7nviJ95bPCA=', '{"version":2,"version_hash":"PhWYg6ZZchT4QpJ8syipbxeHoMpQ7lJb7nviJ95bPCA=","engine_version":11,"name":"servicetitan","tables":{"_dlt_version":{"name":"_dlt_version","columns":{"version":{"name":"version","data_type":"bigint","nullable":false,"description":"Numeric version of the schema, incremented on each schema change"},"engine_version":{"name":"engine_version","data_type":"bigint","nullable":false,"description":"Version of the dlt schema engine that created this schema"},"inserted_at":{"name":"inserted_at","data_type":"timestamp","nullable":false,"description":"Timestamp when this schema version was stored"},"schema_name":{"name":"schema_name","data_type":"text","nullable":false,"description":"Name of the schema"},"version_hash":{"name":"version_hash","data_type":"text","nullable":false,"description":"Unique hash of the schema content, used to detect changes"},"schema":{"name":"schema","data_type":"text","nullable":false,"description":"JSON representation of the complete schema definition"}},"write_disposition":"skip","resource":"_dlt_version","description":"Created by DLT. Tracks schema updates"},"_dlt_loads":{"name":"_dlt_loads","columns":{"load_id":{"name":"load_id","data_type":"text","nullable":false,"precision":64,"description":"Unique identifier of the load operation"},"schema_name":{"name":"schema_name","data_type":"text","nullable":true,"description":"Name of the schema associated with this load"},"status":{"name":"status","data_type":"bigint","nullable":false,"description":"Status of the load operation (0 = success)"},"inserted_at":{"name":"inserted_at","data_type":"timestamp","nullable":false,"description":"Timestamp when the load was completed"},"schema_version_hash":{"name":"schema_version_hash","data_type":"text","nullable":true,"description":"Hash of the schema version used during this load"}},"write_disposition":"skip","resource":"_dlt_loads","description":"Created by DLT. Tracks completed loads"},"business_units":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"business_units","resource":"business_units"},"technicians":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"technicians","resource":"technicians"},"job_types":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"job_types","resource":"job_types"},"call_reasons":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"write_disposition":"append","file_format":"csv","name":"call_reasons","resource":"call_reasons","x-normalizer":{"seen-data":true}},"campaigns":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"campaigns","resource":"campaigns"},"tag_types":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"tag_types","resource":"tag_types"},"custom_fields":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"entity_type":{"name":"entity_type","data_type":"text","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"custom_fields","resource":"custom_fields"},"customers":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"write_disposition":"append","file_format":"csv","name":"customers","resource":"customers","x-normalizer":{"seen-data":true}},"customer_contacts":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"write_disposition":"append","file_format":"csv","name":"customer_contacts","resource":"customer_contacts","x-normalizer":{"seen-data":true}},"locations":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"locations","resource":"locations"},"location_contacts":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"location_contacts","resource":"location_contacts"},"jobs":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"write_disposition":"append","file_format":"csv","name":"jobs","resource":"jobs","x-normalizer":{"seen-data":true}},"estimates":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"estimates","resource":"estimates"},"appointments":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"appointments","resource":"appointments"},"appointment_assignments":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"appointment_assignments","resource":"appointment_assignments"},"invoices":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"invoices","resource":"invoices"},"payments":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"payments","resource":"payments"},"installed_equipment":{"columns":{"tenant_id":{"name":"tenant_id","data_type":"bigint","nullable":false,"primary_key":true},"id":{"name":"id","data_type":"bigint","nullable":false,"primary_key":true},"modified_on":{"name":"modified_on","data_type":"timestamp","nullable":true},"deleted_at":{"name":"deleted_at","data_type":"timestamp","nullable":true},"record":{"name":"record","data_type":"json","nullable":false},"_dlt_load_id":{"name":"_dlt_load_id","data_type":"text","nullable":false}},"file_format":"csv","x-merge-strategy":"upsert","x-merge-skip-unchanged-rows":true,"write_disposition":"merge","name":"installed_equipment","resource":"installed_equipment"}},"settings":{"detections":["iso_timestamp"],"default_hints":{"not_null":["_dlt_id","_dlt_root_id","_dlt_parent_id","_dlt_list_idx","_dlt_load_id"],"parent_key":["_dlt_parent_id"],"root_key":["_dlt_root_id"],"unique":["_dlt_id"],"row_key":["_dlt_id"]}},"normalizers":{"names":"snake_case","json":{"module":"dlt.common.normalizers.json.relational","config":{"propagation":{"tables":{"business_units":{"_dlt_id":"_dlt_root_id"},"technicians":{"_dlt_id":"_dlt_root_id"},"job_types":{"_dlt_id":"_dlt_root_id"},"campaigns":{"_dlt_id":"_dlt_root_id"},"tag_types":{"_dlt_id":"_dlt_root_id"},"custom_fields":{"_dlt_id":"_dlt_root_id"},"locations":{"_dlt_id":"_dlt_root_id"},"location_contacts":{"_dlt_id":"_dlt_root_id"},"estimates":{"_dlt_id":"_dlt_root_id"},"appointments":{"_dlt_id":"_dlt_root_id"},"appointment_assignments":{"_dlt_id":"_dlt_root_id"},"invoices":{"_dlt_id":"_dlt_root_id"},"payments":{"_dlt_id":"_dlt_root_id"},"installed_equipment":{"_dlt_id":"_dlt_root_id"}}}}}},"previous_hashes":["ep1bhH9Llh5WOtGZHXDaUXD4gju741VydpuyAWWjwNo="]}');
INSERT INTO raw_servicetitan.call_reasons VALUES
	(1234567, 310000312, '2023-09-25 11:23:13.404579+00', NULL, '{"id": 310000312, "name": "New job", "active": true, "isLead": true, "createdOn": "2022-09-25T09:38:39.3204128Z", "modifiedOn": "2023-09-25T11:23:13.4045794Z"}', '1795706061.3233724', '2026-11-26 15:14:21.650124+00'),
	(1234567, 310000316, '2026-01-01 20:50:55.578695+00', NULL, '{"id": 310000316, "name": "Estimate request", "active": true, "isLead": true, "createdOn": "2022-10-19T06:41:35.7341909Z", "modifiedOn": "2026-01-01T20:50:55.5786948Z"}', '1795706061.3233724', '2026-11-26 15:14:21.650124+00'),
	(1234567, 310000319, '2025-09-16 18:08:37.956284+00', NULL, '{"id": 310000319, "name": "Existing appointment", "active": true, "isLead": false, "createdOn": "2022-09-28T16:16:07.5317445Z", "modifiedOn": "2025-09-16T18:08:37.9562837Z"}', '1795706061.3233724', '2026-11-26 15:14:21.650124+00'),
	(1234567, 310000323, '2026-05-27 01:49:26.825096+00', NULL, '{"id": 310000323, "name": "Billing question", "active": true, "isLead": false, "createdOn": "2022-09-28T05:15:35.4168261Z", "modifiedOn": "2026-05-27T01:49:26.8250956Z"}', '1795706061.3233724', '2026-11-26 15:14:21.650124+00'),
	(1234567, 310000325, '2026-09-09 17:21:46.647559+00', NULL, '{"id": 310000325, "name": "Wrong number", "active": true, "isLead": false, "createdOn": "2022-10-01T06:48:15.5432514Z", "modifiedOn": "2026-09-09T17:21:46.6475588Z"}', '1795706061.3233724', '2026-11-26 15:14:21.650124+00'),
	(1234567, 310000329, '2026-11-05 07:14:54.607812+00', NULL, '{"id": 310000329, "name": "Fax", "active": false, "isLead": false, "createdOn": "2022-10-11T23:46:13.2383684Z", "modifiedOn": "2026-11-05T07:14:54.6078118Z"}', '1795706061.3233724', '2026-11-26 15:14:21.650124+00');
INSERT INTO raw_servicetitan.customer_contacts VALUES
	(1234567, 310000420, '2026-05-18 16:02:46.705505+00', NULL, '{"id": 310000420, "memo": "Owner''s daughter - Kelly", "type": "Email", "value": "bo26325@example.com", "createdOn": "2023-05-12T19:20:39.8222266Z", "customerId": 310000413, "modifiedOn": "2026-05-18T16:02:46.7055046Z", "preferences": {"invoiceNotification": true, "jobRemindersEnabled": true, "statementNotification": false, "marketingUpdatesEnabled": true, "invoiceStatementNotification": false}, "phoneSettings": null}', '1795706061.3233724', '2026-11-26 15:14:21.651178+00', NULL),
	(1234567, 310000416, '2023-05-20 22:36:09.369419+00', NULL, '{"id": 310000416, "memo": null, "type": "MobilePhone", "value": "5125550184", "createdOn": "2023-05-12T19:20:39.8222266Z", "customerId": 310000413, "modifiedOn": "2023-05-20T22:36:09.3694189Z", "preferences": {"invoiceNotification": false, "jobRemindersEnabled": true, "statementNotification": false, "marketingUpdatesEnabled": true, "invoiceStatementNotification": false}, "phoneSettings": {"doNotText": false, "phoneNumber": "5125550184"}}', '1795706061.3233724', '2026-11-26 15:14:21.651178+00', NULL);
INSERT INTO raw_servicetitan.customers VALUES
	(1234567, 310000413, '2026-09-01 21:00:58.629297+00', NULL, '{"id": 310000413, "name": "Callum Yarborough", "type": "Residential", "active": true, "address": {"zip": "78995", "city": "Peña Blanca", "unit": null, "state": "TX", "street": "4492 Gristmill St", "country": "USA", "latitude": 30.1229633, "longitude": -97.4297622}, "balance": 0.00, "createdOn": "2023-05-12T19:20:39.8222266Z", "doNotMail": false, "taxExempt": true, "mergedToId": null, "modifiedOn": "2026-09-01T21:00:58.6292965Z", "tagTypeIds": [], "createdById": 310000002, "creditLimit": null, "customFields": [{"name": "Gate code", "value": "#0420*", "typeId": 310000177}, {"name": "Lead quality", "value": "Cold", "typeId": 310000179}, {"name": "Billing note", "value": "send the invoice to the property manager, not to the tenant", "typeId": 310000180}, {"name": "Office remark", "value": "Pays by check at the door, wants the invoice on paper and by e-mail.", "typeId": 310000184}, {"name": "Preferred technician", "value": "Hiro 田中", "typeId": 310000185}, {"name": "Heard of us", "value": "Truck", "typeId": 310000188}, {"name": "Newsletter", "value": "Yes", "typeId": 310000191}], "doNotService": false, "externalData": [{"key": "ledger-reference", "value": "MS-127a3b1d-53"}, {"key": "imported-from", "value": "spreadsheet 2021"}], "paymentTermId": 310000013, "nationalAccount": false, "creditLimitBalance": null}', '1795706061.3233724', '2026-11-26 15:14:21.651758+00');
INSERT INTO raw_servicetitan.jobs VALUES
	(1234567, 310000426, '2025-01-28 15:38:52.493941+00', NULL, '{"id": 310000426, "total": 0.0000000000, "summary": "<p>Yearly tune-up, two systems; the one in the attic trips its float switch now and then.</p><p>Equipment stands in the attic, pull-down ladder in the garage, mind the boards. ¡Cuidado con el perro!</p><ul><li>gate closes at 6 pm</li><li>park on the street, not in the drive</li></ul>", "noCharge": false, "priority": "Urgent", "soldById": null, "bookingId": null, "createdOn": "2023-05-12T19:20:39.8222266Z", "invoiceId": 310000435, "jobNumber": "310000426", "jobStatus": "Dispatched", "jobTypeId": 310000234, "projectId": null, "campaignId": 310000278, "customerId": 310000413, "customerPo": null, "leadCallId": 310000439, "locationId": 310000415, "modifiedOn": "2025-01-28T15:38:52.4939411Z", "tagTypeIds": [310000098, 310000100, 310000103, 310000082], "warrantyId": null, "completedOn": null, "createdById": 310000006, "estimateIds": [], "recallForId": null, "customFields": [{"name": "Gate code", "value": "4711#", "typeId": 310000177}, {"name": "Permit number", "value": "MS-2026-00417", "typeId": 310000205}, {"name": "Water shut-off", "value": "garage wall behind the heater", "typeId": 310000214}], "equipmentIds": [], "externalData": [{"key": "ledger-reference", "value": "MS-127a3b2a-66"}, {"key": "imported-from", "value": "former system, página 2"}], "membershipId": 310000425, "summaryOfWork": null, "businessUnitId": 310000108, "appointmentCount": 1, "isAutoDispatched": true, "lastAppointmentId": 310000428, "partnerLeadCallId": null, "firstAppointmentId": 310000428, "notificationsEnabled": true, "createdFromEstimateId": null, "jobGeneratedLeadSource": null}', '1795706061.3233724', '2026-11-26 15:14:21.669337+00'),
	(1234567, 310000442, '2026-09-06 01:37:30.252523+00', NULL, '{"id": 310000442, "total": 0.0000000000, "summary": "<p>Wet spot in the front yard near the meter, the last bill was three times the usual one.</p><p>Elderly couple, he is on oxygen. If parts have to be ordered, leave two portable units from the shop.</p><ul><li>take before &amp; after pictures</li><li>leave the old part with the customer</li></ul>", "noCharge": false, "priority": "High", "soldById": null, "bookingId": null, "createdOn": "2026-09-01T21:00:58.6292965Z", "invoiceId": 310000446, "jobNumber": "310000442", "jobStatus": "Scheduled", "jobTypeId": 310000248, "projectId": null, "campaignId": 310000278, "customerId": 310000413, "customerPo": null, "leadCallId": 310000449, "locationId": 310000415, "modifiedOn": "2026-09-06T01:37:30.2525231Z", "tagTypeIds": [310000082], "warrantyId": null, "completedOn": null, "createdById": 310000002, "estimateIds": [], "recallForId": null, "customFields": [{"name": "Gate code", "value": "n/a — señal", "typeId": 310000177}, {"name": "Permit number", "value": "not needed — like for like", "typeId": 310000205}, {"name": "System age", "value": "11", "typeId": 310000212}, {"name": "Water shut-off", "value": "garage wall behind the heater", "typeId": 310000214}], "equipmentIds": [], "externalData": [], "membershipId": 310000425, "summaryOfWork": null, "businessUnitId": 310000116, "appointmentCount": 1, "isAutoDispatched": false, "lastAppointmentId": 310000445, "partnerLeadCallId": null, "firstAppointmentId": 310000445, "notificationsEnabled": true, "createdFromEstimateId": null, "jobGeneratedLeadSource": null}', '1795706061.3233724', '2026-11-26 15:14:21.669337+00');
INSERT INTO raw_servicetitan.sync_cursors VALUES
	(1234567, 'call_reasons', 'call_reasons', '2026-11-26 15:14:21+00', false, '2026-11-26 15:14:21.697159+00', '{}', NULL, NULL, NULL),
	(1234567, 'customers', 'customers', '2026-11-26 15:14:21+00', false, '2026-11-26 15:14:21.698459+00', '{}', NULL, NULL, NULL),
	(1234567, 'customer_contacts', 'customer_contacts', '2026-11-26 15:14:21+00', false, '2026-11-26 15:14:21.699299+00', '{}', NULL, NULL, NULL),
	(1234567, 'jobs', 'jobs', '2026-11-26 15:14:21+00', false, '2026-11-26 15:14:21.699994+00', '{}', NULL, NULL, NULL);
INSERT INTO raw_servicetitan.sync_log VALUES
	('65ac22d6-adee-40b5-a697-7358306f10ca', 'b4e0ba7f-5fef-4462-8976-28e4cbd07827', 1234567, 'call_reasons', 'full', 'completed', 6, 6, 0, 0, 0, 0, '2026-11-26 15:14:21.272031+00', '2026-11-26 15:14:28.647558+00', 7376, NULL, NULL, 'manual', '{"full": false, "only": ["call_reasons", "customers", "jobs"], "since": null}', 1, 0, NULL, '2026-11-26 15:14:21+00', 0),
	('c33c7214-eb07-4708-83b5-c46b5da65606', 'b4e0ba7f-5fef-4462-8976-28e4cbd07827', 1234567, 'customers', 'full', 'completed', 1, 1, 0, 0, 0, 0, '2026-11-26 15:14:21.273166+00', '2026-11-26 15:14:28.648051+00', 7375, NULL, NULL, 'manual', '{"full": false, "only": ["call_reasons", "customers", "jobs"], "since": null}', 1, 0, NULL, '2026-11-26 15:14:21+00', 0),
	('fbb97b3e-41c8-40f3-9e8e-4062986e9a94', 'b4e0ba7f-5fef-4462-8976-28e4cbd07827', 1234567, 'customer_contacts', 'full', 'completed', 2, 2, 0, 0, 0, 0, '2026-11-26 15:14:21.291192+00', '2026-11-26 15:14:28.649094+00', 7358, NULL, NULL, 'manual', '{"full": false, "only": ["call_reasons", "customers", "jobs"], "since": null}', 1, 0, NULL, '2026-11-26 15:14:21+00', 0),
	('6b8ebe01-0e19-475a-8b96-9b34429a7ea5', 'b4e0ba7f-5fef-4462-8976-28e4cbd07827', 1234567, 'jobs', 'full', 'completed', 2, 2, 0, 0, 0, 0, '2026-11-26 15:14:21.295257+00', '2026-11-26 15:14:28.647143+00', 7352, NULL, NULL, 'manual', '{"full": false, "only": ["call_reasons", "customers", "jobs"], "since": null}', 1, 0, NULL, '2026-11-26 15:14:21+00', 0);
ALTER TABLE ONLY raw_servicetitan.appointment_assignments
    ADD CONSTRAINT appointment_assignments_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.appointments
    ADD CONSTRAINT appointments_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.built_models
    ADD CONSTRAINT built_models_pkey PRIMARY KEY (model);
ALTER TABLE ONLY raw_servicetitan.business_units
    ADD CONSTRAINT business_units_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.call_reasons
    ADD CONSTRAINT call_reasons_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.campaigns
    ADD CONSTRAINT campaigns_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.custom_fields
    ADD CONSTRAINT custom_fields_pkey PRIMARY KEY (tenant_id, entity_type, id);
ALTER TABLE ONLY raw_servicetitan.customer_contacts
    ADD CONSTRAINT customer_contacts_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.dbt_lineage
    ADD CONSTRAINT dbt_lineage_pkey PRIMARY KEY (files);
ALTER TABLE ONLY raw_servicetitan.estimates
    ADD CONSTRAINT estimates_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.installed_equipment
    ADD CONSTRAINT installed_equipment_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.job_types
    ADD CONSTRAINT job_types_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.kept_merges
    ADD CONSTRAINT kept_merges_pkey PRIMARY KEY (model);
ALTER TABLE ONLY raw_servicetitan.location_contacts
    ADD CONSTRAINT location_contacts_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.locations
    ADD CONSTRAINT locations_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.pending_loads
    ADD CONSTRAINT pending_loads_pkey PRIMARY KEY (tenant_id, entity, load_id);
ALTER TABLE ONLY raw_servicetitan.rejected_records
    ADD CONSTRAINT rejected_records_pkey PRIMARY KEY (tenant_id, entity, entity_type, fingerprint);
ALTER TABLE ONLY raw_servicetitan.sync_cursors
    ADD CONSTRAINT sync_cursors_pkey PRIMARY KEY (tenant_id, list);
ALTER TABLE ONLY raw_servicetitan.sync_failures
    ADD CONSTRAINT sync_failures_pkey PRIMARY KEY (tenant_id, module, entity_type, st_id, "column");
ALTER TABLE ONLY raw_servicetitan.sync_log
    ADD CONSTRAINT sync_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY raw_servicetitan.sync_log
    ADD CONSTRAINT sync_log_run_id_module_key UNIQUE (run_id, module);
ALTER TABLE ONLY raw_servicetitan.tag_types
    ADD CONSTRAINT tag_types_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY raw_servicetitan.technicians
    ADD CONSTRAINT technicians_pkey PRIMARY KEY (tenant_id, id);
CREATE INDEX appointment_assignments__dlt_load_id_idx ON raw_servicetitan.appointment_assignments USING btree (_dlt_load_id);
CREATE INDEX appointment_assignments_of_parent ON raw_servicetitan.appointment_assignments USING btree (tenant_id, raw_servicetitan.whole_number((record ->> 'appointmentId'::text)));
CREATE INDEX appointments__dlt_load_id_idx ON raw_servicetitan.appointments USING btree (_dlt_load_id);
CREATE INDEX business_units__dlt_load_id_idx ON raw_servicetitan.business_units USING btree (_dlt_load_id);
CREATE INDEX call_reasons__dlt_load_id_idx ON raw_servicetitan.call_reasons USING btree (_dlt_load_id);
CREATE INDEX campaigns__dlt_load_id_idx ON raw_servicetitan.campaigns USING btree (_dlt_load_id);
CREATE INDEX custom_fields__dlt_load_id_idx ON raw_servicetitan.custom_fields USING btree (_dlt_load_id);
CREATE INDEX customer_contacts__dlt_load_id_idx ON raw_servicetitan.customer_contacts USING btree (_dlt_load_id);
CREATE INDEX customer_contacts_of_parent ON raw_servicetitan.customer_contacts USING btree (tenant_id, raw_servicetitan.whole_number((record ->> 'customerId'::text)));
CREATE INDEX customers__dlt_load_id_idx ON raw_servicetitan.customers USING btree (_dlt_load_id);
CREATE INDEX estimates__dlt_load_id_idx ON raw_servicetitan.estimates USING btree (_dlt_load_id);
CREATE INDEX installed_equipment__dlt_load_id_idx ON raw_servicetitan.installed_equipment USING btree (_dlt_load_id);
CREATE INDEX invoices__dlt_load_id_idx ON raw_servicetitan.invoices USING btree (_dlt_load_id);
CREATE INDEX job_types__dlt_load_id_idx ON raw_servicetitan.job_types USING btree (_dlt_load_id);
CREATE INDEX jobs__dlt_load_id_idx ON raw_servicetitan.jobs USING btree (_dlt_load_id);
CREATE INDEX location_contacts__dlt_load_id_idx ON raw_servicetitan.location_contacts USING btree (_dlt_load_id);
CREATE INDEX location_contacts_of_parent ON raw_servicetitan.location_contacts USING btree (tenant_id, raw_servicetitan.whole_number((record ->> 'locationId'::text)));
CREATE INDEX locations__dlt_load_id_idx ON raw_servicetitan.locations USING btree (_dlt_load_id);
CREATE INDEX payments__dlt_load_id_idx ON raw_servicetitan.payments USING btree (_dlt_load_id);
CREATE INDEX sync_failures_open ON raw_servicetitan.sync_failures USING btree (module) WHERE (healed_at IS NULL);
CREATE INDEX sync_log_module ON raw_servicetitan.sync_log USING btree (tenant_id, module, started_at DESC);
CREATE INDEX sync_log_started_at ON raw_servicetitan.sync_log USING btree (started_at DESC);
CREATE INDEX sync_log_status ON raw_servicetitan.sync_log USING btree (status);
CREATE INDEX tag_types__dlt_load_id_idx ON raw_servicetitan.tag_types USING btree (_dlt_load_id);
CREATE INDEX technicians__dlt_load_id_idx ON raw_servicetitan.technicians USING btree (_dlt_load_id);
CREATE TRIGGER moved BEFORE UPDATE ON raw_servicetitan.appointment_assignments FOR EACH ROW WHEN ((raw_servicetitan.whole_number((old.record ->> 'appointmentId'::text)) IS DISTINCT FROM raw_servicetitan.whole_number((new.record ->> 'appointmentId'::text)))) EXECUTE FUNCTION raw_servicetitan.keep_former_parent('appointmentId');
CREATE TRIGGER moved BEFORE UPDATE ON raw_servicetitan.customer_contacts FOR EACH ROW WHEN ((raw_servicetitan.whole_number((old.record ->> 'customerId'::text)) IS DISTINCT FROM raw_servicetitan.whole_number((new.record ->> 'customerId'::text)))) EXECUTE FUNCTION raw_servicetitan.keep_former_parent('customerId');
CREATE TRIGGER moved BEFORE UPDATE ON raw_servicetitan.location_contacts FOR EACH ROW WHEN ((raw_servicetitan.whole_number((old.record ->> 'locationId'::text)) IS DISTINCT FROM raw_servicetitan.whole_number((new.record ->> 'locationId'::text)))) EXECUTE FUNCTION raw_servicetitan.keep_former_parent('locationId');
