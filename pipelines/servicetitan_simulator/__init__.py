"""A local ServiceTitan API V2: a real HTTP server on loopback over a made-up, consistent business.

with Simulator(customers=20) as simulator:
    requests.post(f"{simulator.url}/connect/token", data={...})

endpoints    the standard lists, a line each    simulation    all that one running server knows
optional     all others, by the specification   form          where their rows have key and dates
store        records as text with an index      server        serve() and Simulator
settings     what can be switched               client        drives it over HTTP
clock        .NET ticks, the server's clock     money, dice   cents and texts; one seeded generator

api/: a call from path to answer                business/: the history, call by call
application  the way of a call                  history       the history; demand: when calls come in
query        selection and page of a list       company       settings records; staff, catalog, words
feeds        one batch of an export feed        handles       what is kept of them at hand
parameters   typed query parameters             custom_fields field types and values
access       tokens, app key, scopes            people        customers, locations; contacts
traffic      counters and the rate limit        visits        one job on its way; projects: several of them
errors       the error bodies                   jobs, appointments, estimates, equipment, invoices, payments
faults       rules that spoil answers           texts         what people write into records
                                                shapes/       every field of every row, a file an API module

control/: what a test or a demo does to it
routes       the /_control path                 growth        new records
changes      touch, add, deactivate, set ...    updates       changed ones; merging: two become one
edits        what touch changes                 copies        a record like the last one

lists/: the rows of the optional lists, made when first asked for
"""

from .client import Credentials, SimulatorClient
from .server import Simulator, serve
from .settings import APP_KEY, CLIENT_ID, CLIENT_SECRET, TENANT_ID

__all__ = [
    "APP_KEY",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "TENANT_ID",
    "Credentials",
    "Simulator",
    "SimulatorClient",
    "serve",
]
