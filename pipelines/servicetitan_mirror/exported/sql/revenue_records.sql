select
    coalesce(unit.name, 'No business unit') as name,
    'invoice ' || invoice.invoice_id || coalesce(' of job ' || invoice.job_id, '') as record,
    invoice.revenue_day as day,
    invoice.revenue as amount
from analytics.fct_invoices as invoice
left join public.st_business_units as unit
    on invoice.tenant_id = unit.tenant_id and invoice.business_unit_id = unit.st_id
where
    invoice.tenant_id = %(tenant)s and invoice.revenue <> 0
    and invoice.revenue_day between %(first)s::date - 1 and %(last)s::date + 1
