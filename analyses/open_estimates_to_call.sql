-- The open estimates of the last thirty days that are worth most, and whom to call
select
    estimate.estimate_id,
    estimate.subtotal,
    estimate.age,
    customer.name,
    customer.phone
from analytics.fct_estimates as estimate
left join st_customers as customer
    on estimate.tenant_id = customer.tenant_id and estimate.customer_id = customer.st_id
where estimate.status = 'Open' and estimate.age <= 30
order by estimate.subtotal desc
limit 50;
