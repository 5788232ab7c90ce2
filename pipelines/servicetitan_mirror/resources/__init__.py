"""Lists as resources of dlt.

declaration  how an entity becomes a resource: name, key, columns
state        how far each list was read, in dlt's own state
extraction   the rows of an entity, read while dlt extracts them
unpacked     landed rows → rows with the record's fields as columns
"""
