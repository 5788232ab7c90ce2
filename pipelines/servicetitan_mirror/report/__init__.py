"""The business and the health of its mirror as one HTML page, which needs nothing but itself: `servicetitan report`.

sections  what it shows: each with its definition, its query of sql/, and the lists that this needs
figures   what the marts of schema `analytics` answer, tenant by tenant
page      the page: report.html, sheet.css (which the page of `serve` has too), report.css; its script is chart.js
          (SVG), rows.js (the chosen figures, as tables), views.js (each section), choices.js (what the reader does)
"""
