-- Average ticket and conversion by job type, over the past year
select
    job_type,
    sum(opportunities) as opportunities,
    round(sum(revenue) / sum(opportunities), 2) as average_ticket,
    round(100.0 * sum(converted) / sum(opportunities), 1) as converted_percent
from analytics.average_ticket
where month > current_date - 365
group by job_type
order by average_ticket desc;
