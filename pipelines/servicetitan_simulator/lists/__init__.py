"""The rows of the optional lists, made when first asked for: fields by the specification, facts by the business.

filling     name of a list -> its table
desk        what the writer of a list works with
books       the standard lists as a writer reads them; records: the fields of theirs that matter
blanks      whole rows and parts of rows, every field filled by its type
values      one value by the name and type of its field
counts      how many rows a list has that is filled by types alone
writers/    the facts of the other lists, a file a theme
"""
