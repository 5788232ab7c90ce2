"""A local ServiceTitan API V2: a real HTTP server on loopback over a made-up, consistent business.

with Simulator(customers=20) as simulator:
    requests.post(f"{simulator.url}/connect/token", data={...})

The API                                        The business
api         a call from path to answer         business       the history, call by call
endpoints   the lists, one line each           demand         when calls come in
query       selection and page of a list       company        settings records; catalog, words: its data
parameters  typed query parameters             handles        what is kept of them at hand
feeds       one batch of an export feed        custom_fields  field types and values
access      tokens, app key, scopes            people         customers, locations; contacts
traffic     counters and the rate limit        jobs           jobs, appointments, assignments
errors      the error bodies                   estimates, equipment, billing, invoices, payments
faults      rules that spoil answers           shapes         every field of every row
settings    what can be switched               store          records as text, indexed in columns

Control                                        Common
control     the /_control path                 clock          .NET ticks, the server's clock
changes     touch, add, deactivate, set ...    money          cents, texts, numbers
growth      new records, updates changed ones  dice           one seeded generator, ids
merging     merged customers and locations     simulation     all that one running server knows
client      drives it over HTTP                server         serve() and Simulator
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
