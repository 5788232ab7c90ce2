"""A list of the specification → the model that shows its records as a table, for the user to build and to edit.

    listing ──columns──▶ Column, … ──rendering──▶ st_trucks.sql, st_trucks.yml ──files──▶ dbt_project/optional/trucks

naming      the name of a field's column
typing      the accessor and the type that a field's column has
wording     what is said of a column
columns     the columns of a list, in groups
people      which columns are about a person
references  which column holds ids of which entity
rendering   the text of the two files
files       where they go, and what stands in their way
"""
