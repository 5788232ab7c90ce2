"""One call to ServiceTitan, from the wait for its turn to the page that came.

client      one call
calls       what the calls of one list have cost
read_ahead  pages that are asked for before their turn
auth        the token
patience    what fails for the moment is tried again
rate_limit  the calls of all threads, spaced and in order
transport   HTTP without requests' conveniences: no redirections, no surroundings, a limit of time and size
unreachable why no answer came, in words
large_answers  one large answer in memory at a time
problems    what an answer other than a page means
envelope    a page, read so that one odd thing in it costs one record at most
protection  what of a person may land
repair      text that JSON or PostgreSQL refuses
whole_numbers  an id in any form that JSON has for it
"""
