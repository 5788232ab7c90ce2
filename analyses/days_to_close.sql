-- How long it takes to sell an estimate
select
    case when days_to_close = 0 then 'same day' when days_to_close <= 7 then 'a week' when days_to_close <= 30 then 'a month'
        else 'longer' end as within,
    count(*) as estimates,
    sum(subtotal) as sold
from analytics.fct_estimates
where status = 'Sold'
group by 1
order by min(days_to_close);
