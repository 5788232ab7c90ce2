"""What the user has configured.

settings    what a sync needs to know of the tenant, the app and how to go about it
loading     how they are read: all of a tenant's, or one of them
rules       what each of them may be
reading     one setting: found, checked or refused; of other sections too
chosen      which lists are chosen, and how often each is asked
tenants     whose settings: one tenant's, or several by name
lookup      where settings are read, and in which order
documents   the files
checks      what a setting may be; webhooks: one that is an address of such; zones: one that is a time zone
"""
