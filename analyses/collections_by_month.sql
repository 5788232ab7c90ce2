-- What came in by month, how fast, and how much of it within a week
select
    date_trunc('month', day)::date as month,
    sum(collected) as collected,
    round(sum(days_to_pay * applied) / nullif(sum(applied), 0), 1) as days_to_pay,
    round(100 * sum(applied_within_7_days) / nullif(sum(applied), 0), 1) as percent_within_7_days
from analytics.collections_by_day
group by 1
order by 1 desc
limit 12;
