-- Jobs booked, completed and canceled by month
select
    month,
    sum(booked) as booked,
    sum(completed) as completed,
    sum(canceled) as canceled
from analytics.business_by_month
group by month
order by month desc
limit 12;
