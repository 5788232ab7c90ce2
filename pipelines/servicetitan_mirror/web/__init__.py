"""The mirror as seen from outside: `servicetitan serve`.

watch        one look at the database at a time, whoever asks, and what is said when it does not answer
metrics      what was seen, for Prometheus
page         what was seen, for people: page.html, page.css, page.js
chart        lines and bars of it, as SVG
reporter     the business in figures, made for whoever asks
application  the addresses: /, /report, /docs, /healthz, /metrics; who may see them
server       where it listens
"""
