-- What was owed at each month's end of the past year
select
    day,
    sum(balance) as balance,
    sum(days_over_120 + days_91_to_120) as over_90_days
from analytics.receivables_aging
where day = date_trunc('month', day) + interval '1 month' - interval '1 day'
group by day
order by day;
