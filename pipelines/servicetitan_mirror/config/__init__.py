"""What the user has configured.

settings    what a sync needs to know of the tenant, the app and how to go about it
chosen      which lists are chosen, and how often each is asked
tenants     whose settings: one tenant's, or several by name
lookup      where settings are read, and in which order
documents   the files
checks      what a setting may be; webhooks: one that is an address of such; zones: one that is a time zone
"""
