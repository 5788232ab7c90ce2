{#- What revenue is, by ServiceTitan's definition: Completed by the day that the job was completed, Non-Job and
    Adjustment by the day on the invoice. Null while the job is not completed. -#}

{% macro revenue_kind(invoice, job='job') -%}
    case
        when {{ invoice }}.adjustment_to_id is not null then 'Adjustment'
        when {{ invoice }}.job_id is null then 'Non-Job'
        when {{ is_completed(job) }} then 'Completed'
    end
{%- endmacro %}

{% macro revenue_day(invoice, job='job') -%}
    case
        when {{ invoice }}.adjustment_to_id is not null or {{ invoice }}.job_id is null then {{ invoice }}.invoice_date
        when {{ is_completed(job) }} then {{ local_day(job ~ '.job_completion_time') }}
    end
{%- endmacro %}

{% macro is_completed(job='job') -%}
    ({{ job }}.job_status = 'Completed' and {{ job }}.job_completion_time is not null)
{%- endmacro %}
