-- What is open, by age
select
    age,
    sum(estimates) as estimates,
    sum(value) as value
from analytics.estimate_pipeline
group by age
order by array_position(array['0-7', '8-14', '15-30', '30+'], age);
